/**
 * What was done on GitHub by a run that was cut off before it said so: the next one finds it there, and the timeline tells of it once. The same moments
 * with a worker that is killed are in killed-opening.db.test.ts and killed-following.db.test.ts.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { cancelOnGitHub } from './cancel-request';
import { openPullRequest } from './open-pull-request';
import { refreshRequest } from './refresh-request';
import { syncPullRequest } from './sync-pull-request';
import { previewOf, specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { withoutTools } from './test-tools';

let platform: TestPlatform;
beforeAll(async () => {
  Object.assign(process.env, withoutTools);
  platform = await startTestPlatform({ webhooks: false, environment: withoutTools });
});
afterEach(() => {
  platform.githubProxy.fault = undefined;
});
afterAll(() => platform.end());

let nextPort = 46_600;
const spec = (name: string) =>
  specOf(name, { ports: [{ name: 'http', internal: 7980, external: nextPort++, why: 'HTTP API' }] });

/** Runs it while GitHub does what it is asked there, or not, and its answer is lost. */
async function cutOff(method: string, path: RegExp, run: () => Promise<void>, fault: 'lost-after' | 'lost-before') {
  let struck = 0;
  platform.githubProxy.fault = (asked, at) => {
    if (asked !== method || !path.test(at)) return undefined;
    struck += 1;
    return fault;
  };
  await run();
  platform.githubProxy.fault = undefined;
  expect(struck).toBeGreaterThan(0);
}

async function cancelled(id: number, { deletionIsLost }: { deletionIsLost: boolean }) {
  await cancelRequest(id, platform.dana);
  if (deletionIsLost) await cutOff('DELETE', /\/git\/refs\//, () => cancelOnGitHub(id), 'lost-after');
  await cancelOnGitHub(id);
  const request = await getRequest(id);
  expect(request.state).toBe('cancelled');
  expect(await platform.api('GET', `/git/matching-refs/heads/${request.branch}`)).toEqual([]);
  return request;
}
type Timeline = Awaited<ReturnType<typeof getRequest>>['timeline'];
/** What is told of these things, but not of tries that failed. */
const told = (timeline: Timeline, ...kinds: string[]) =>
  timeline.filter(({ kind, status }) => kinds.includes(kind) && status !== 'failed');
const endOf = (timeline: Timeline) => timeline.filter(({ title }) => title === 'Cancelled').map(({ detail }) => detail);

test('the branch that a cancellation deleted', async () => {
  const id = await submitOne(platform.dana, spec('deleted-branch'));
  await openPullRequest(id);
  const { timeline } = await cancelled(id, { deletionIsLost: true });
  expect(endOf(timeline)).toEqual([expect.stringContaining('The pull request is closed. The branch is deleted. ')]);
});

test('the branch that was made, and deleted by a cancellation', async () => {
  const id = await submitOne(platform.dana, spec('unheard-branch'));
  await cutOff('POST', /\/git\/refs$/, () => openPullRequest(id), 'lost-after');
  expect(told((await getRequest(id)).timeline, 'commits')).toEqual([]);
  const { timeline } = await cancelled(id, { deletionIsLost: true });
  expect(told(timeline, 'commits')).toHaveLength(1);
  expect(endOf(timeline)).toEqual([expect.stringMatching(/^The branch is deleted\. /)]);
});

test('a branch that was never made is not said to be deleted', async () => {
  const id = await submitOne(platform.dana, spec('no-branch'));
  await cutOff('POST', /\/git\/refs$/, () => openPullRequest(id), 'lost-before');
  const { timeline } = await cancelled(id, { deletionIsLost: false });
  expect(endOf(timeline)).toEqual([expect.not.stringContaining('branch')]);
  expect(told(timeline, 'commits')).toEqual([]);
});

test('the pull request that was opened, and closed by a cancellation', async () => {
  const id = await submitOne(platform.dana, spec('unheard-pull'));
  await cutOff('POST', /\/pulls$/, () => openPullRequest(id), 'lost-after');
  const { timeline, pull } = await cancelled(id, { deletionIsLost: true });
  expect(pull?.url).toMatch(/\/pull\/\d+$/);
  const opened = { title: `Pull request ${pull?.number} was opened`, link: pull?.url };
  expect(told(timeline, 'pull-request')).toMatchObject([opened]);
  expect(endOf(timeline)).toEqual([expect.stringContaining('The pull request is closed. The branch is deleted. ')]);
});

test('the pull request that was opened, and merged before it could be cancelled', async () => {
  const id = await submitOne(platform.dana, spec('unheard-merge'));
  await cutOff('POST', /\/pulls$/, () => openPullRequest(id), 'lost-after');
  const { branch } = await getRequest(id);
  const [opened] = await platform.api<{ number: number; html_url: string }[]>('GET', `/pulls?head=ravenhelm:${branch}`);
  await cancelRequest(id, platform.dana);
  await platform.api('PUT', `/pulls/${opened?.number ?? 0}/merge`);
  await cancelOnGitHub(id);
  expect((await getRequest(id)).pull).toEqual({ number: opened?.number, url: opened?.html_url });
});

let moves = 0;

/** Somebody adds a service to main by hand where the requests add theirs, and the branch is brought up to it unheard. */
async function broughtUpUnheard(name: string): Promise<number> {
  const id = await submitOne(platform.dana, spec(name));
  await openPullRequest(id);
  const { plan } = await previewOf(spec(`mover-${'abc'.charAt(moves++)}`));
  const files = Object.fromEntries(plan.files.map(({ path, after }) => [path, after]));
  await platform.api('POST', '/_slipway/push', { login: 'operator', branch: 'main', message: 'feat: by hand', files });
  await cutOff('PATCH', /\/git\/refs\//, () => refreshRequest(id), 'lost-after');
  expect(told((await getRequest(id)).timeline, 'refresh')).toEqual([]);
  return id;
}

test('that the branch was brought up to main, before the pull request was closed', async () => {
  const id = await broughtUpUnheard('closed-after-refresh');
  const { pull, digest } = await getRequest(id);
  await platform.api('PATCH', `/pulls/${pull?.number}`, { state: 'closed' });
  await syncPullRequest(id);
  const request = await getRequest(id);
  expect(request.state).toBe('closed');
  expect(told(request.timeline, 'refresh', 'closed').map(({ title }) => title)).toEqual([
    expect.stringContaining('Brought up to main'),
    expect.stringContaining('Closed'),
  ]);
  // What stands on the branch is what the request says.
  expect(request.digest).not.toBe(digest);
});

test('that the branch was brought up to main, before the request was cancelled', async () => {
  const id = await broughtUpUnheard('cancelled-after-refresh');
  const { timeline } = await cancelled(id, { deletionIsLost: true });
  expect(told(timeline, 'refresh', 'cancel').map(({ title }) => title)).toEqual([
    'Cancel asked',
    expect.stringContaining('Brought up to main'),
    'Cancelled',
  ]);
});
