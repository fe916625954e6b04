/** What the poll costs of GitHub's hourly budget while twenty requests are open, with every webhook lost: calls are counted, not time. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { getRequest } from '@/lib/requests/queries';
import { createRequest } from '@/lib/requests/test-requests';
import { reconcile } from './reconcile';
import { syncPullRequest } from './sync-pull-request';
import { startTestPlatform, tokens, type TestPlatform } from './test-platform';

const OPEN = 20;
/** The list of pull requests; of each request the pull request, its check runs and its statuses. */
const ASKED_IN_A_ROUND = 1 + 3 * OPEN;

let platform: TestPlatform;
const heads = new Map<number, string>();

beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
  await db().repositoryHead.create({
    data: { repository: 'ravenhelm/platform', branch: 'main', sha: 'a'.repeat(40), checkedAt: new Date() },
  });
  for (let count = 0; count < OPEN; count += 1) {
    const [id, sha] = await openRequest();
    heads.set(id, sha);
    await say(sha, 'pending');
  }
});
afterAll(() => platform.end());

const say = (sha: string, state: 'pending' | 'success' | 'failure') =>
  platform.api('POST', `/statuses/${sha}`, { state, context: 'build' });

/** In review, as opening leaves it. @returns its id and the head of its branch. */
async function openRequest(): Promise<[number, string]> {
  const id = await createRequest(platform.dana, { state: 'in_review' });
  const { branch } = await getRequest(id);
  const files = { [`docs/${id}.md`]: `${branch}\n` };
  const push = { login: 'slipway-bot', branch, message: 'docs: one more', files };
  const { sha } = await platform.api<{ sha: string }>('POST', '/_slipway/push', push);
  const opening = { title: branch, head: branch, base: 'main', body: '' };
  const pull = await platform.api<{ number: number; html_url: string }>('POST', '/pulls', opening, tokens.portal);
  const opened = { pullNumber: pull.number, pullUrl: pull.html_url, headSha: sha };
  await db().changeRequest.update({ where: { id }, data: opened });
  return [id, sha];
}

/** One run of the poll and the jobs that it queued. @returns how many questions GitHub was asked, and how many of them it counted. */
async function round(): Promise<{ asked: number; counted: number }> {
  // As a minute later: what was seen in the second in which it changed is looked at again until then.
  await db().$executeRaw`
    UPDATE change_requests SET github_checks_at = github_checks_at - interval '1 minute',
           pull_updated_at = date_trunc('second', pull_updated_at + interval '1 millisecond')`;
  platform.github.faults.forgetRequests();
  const before = await used();
  await reconcile();
  const queued = await db().$queryRaw<{ key: string }[]>`
    SELECT key FROM graphile_worker.jobs WHERE key LIKE 'sync-pull-request:%' ORDER BY id`;
  for (const { key } of queued) {
    await db().$executeRaw`SELECT graphile_worker.remove_job(${key})`;
    await syncPullRequest(Number(key.split(':')[1]));
  }
  const asked = platform.github.faults.requests('GET', /^\/repos\//).length;
  return { asked, counted: (await used()) - before };
}

/** What GitHub says that the portal's token has used of its budget; asking that is free. */
async function used(): Promise<number> {
  const answer = await fetch(`${platform.github.apiUrl}/rate_limit`, {
    headers: { authorization: `Bearer ${tokens.portal}` },
  });
  return ((await answer.json()) as { rate: { used: number } }).rate.used;
}

test('twenty open requests at rest are looked at each minute, and cost nothing; a check that is decided shows in the next round', async () => {
  const first = await round();
  expect(first.counted).toBe(first.asked);
  for (let again = 0; again < 3; again += 1) {
    const { asked, counted } = await round();
    expect({ asked, counted }).toEqual({ asked: ASKED_IN_A_ROUND, counted: 0 });
  }

  const [[id, sha] = [0, '']] = heads;
  await say(sha, 'success');
  // The statuses, and the pull request that says whether they stand in its way.
  expect(await round()).toEqual({ asked: ASKED_IN_A_ROUND, counted: 2 });
  const { timeline } = await getRequest(id);
  expect(timeline.filter(({ kind }) => kind === 'github-checks')).toMatchObject([{ title: 'Checks on GitHub pass' }]);

  // Decided, and run again.
  await say(sha, 'failure');
  expect(await round()).toMatchObject({ asked: ASKED_IN_A_ROUND });
  const { timeline: later } = await getRequest(id);
  expect(later.filter(({ kind }) => kind === 'github-checks').map(({ title }) => title)).toEqual([
    'Checks on GitHub pass',
    'build fails on GitHub',
  ]);
  expect(await round()).toEqual({ asked: ASKED_IN_A_ROUND, counted: 0 });
});

test('a comment and a close that no webhook told are seen in the next round', async () => {
  const [, [id = 0] = []] = [...heads];
  const { pull } = await getRequest(id);
  await platform.api('POST', `/issues/${pull?.number}/comments`, { body: 'Looks good.' });
  expect((await round()).counted).toBeGreaterThan(0);
  expect((await getRequest(id)).timeline.some(({ kind }) => kind === 'comment')).toBe(true);
  await platform.api('PATCH', `/pulls/${pull?.number}`, { state: 'closed' });
  await round();
  expect((await getRequest(id)).state).toBe('closed');
});
