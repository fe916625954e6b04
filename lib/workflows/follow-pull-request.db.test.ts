import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureOf } from '@/local/github/webhook';
import { db } from '@/lib/db';
import { UnauthenticatedError } from '@/lib/errors';
import { listTaken } from '@/lib/ports/queries';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { listServices } from '@/lib/services/queries';
import type { ManifestInput } from '@/lib/services/manifest';
import { cancelOnGitHub } from './cancel-request';
import { openPullRequest } from './open-pull-request';
import { processWebhook, receiveWebhook } from './process-webhook';
import { currentRepository, repositoryAt } from './read-repository';
import { reconcile } from './reconcile';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { previewOf, specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { updateTracker } from './update-tracker';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.end());

const stateOf = async (id: number) => (await getRequest(id)).state;
const numberOf = async (id: number) => (await getRequest(id)).pull?.number ?? 0;
const portsOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01')).filter((port) => port.service === service);
const eventsOf = async (id: number, kind: string) =>
  (await getRequest(id)).timeline.filter((event) => event.kind === kind);
const hasBranch = async (branch: string) =>
  (await platform.api<unknown[]>('GET', `/git/matching-refs/heads/${branch}`)).length > 0;

/** A request whose pull request is open. */
async function opened(name: string, fields: Partial<ManifestInput> = {}): Promise<number> {
  const id = await submitOne(platform.dana, specOf(name, fields));
  await openPullRequest(id);
  expect(await stateOf(id)).toBe('in_review');
  return id;
}

describe('closed and reopened', () => {
  test('closing gives everything back, reopening takes it again', async () => {
    const id = await opened('swinging');
    const number = await numberOf(id);
    await platform.api('PATCH', `/pulls/${number}`, { state: 'closed' });
    await syncPullRequest(id);
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('closed');
    expect(await portsOf('swinging')).toEqual([]);
    expect((await listServices({ search: 'swinging' })).services).toEqual([]);
    expect(await eventsOf(id, 'closed')).toMatchObject([
      { title: 'Closed by operator without merging', actor: 'operator' },
    ]);

    await platform.api('PATCH', `/pulls/${number}`, { state: 'open' });
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('in_review');
    expect(await portsOf('swinging')).toMatchObject([{ state: 'reserved', leaseUntil: undefined }]);
    expect((await listServices({ search: 'swinging' })).services).toMatchObject([{ state: 'pending' }]);
  });

  test('reopened when somebody else has the port by then: it says who, and takes nothing', async () => {
    const ports = [{ name: 'http', internal: 7980, external: 46_001, why: 'HTTP API' }];
    const id = await opened('too-late', { ports });
    await platform.api('PATCH', `/pulls/${await numberOf(id)}`, { state: 'closed' });
    await syncPullRequest(id);
    const other = await submitOne(platform.dana, specOf('quicker', { ports }));
    await platform.api('PATCH', `/pulls/${await numberOf(id)}`, { state: 'open' });
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('closed');
    expect(await portsOf('too-late')).toEqual([]);
    const [event] = await eventsOf(id, 'reopened');
    expect(event).toMatchObject({ status: 'failed' });
    expect(event?.detail).toContain(`request ${other}`);
  });
});

describe('two pull requests on the same files', () => {
  /** Merges the request's pull request and follows it until it is live. */
  async function land(id: number): Promise<void> {
    await platform.api('PUT', `/pulls/${await numberOf(id)}/merge`);
    await syncPullRequest(id);
    await syncRepository();
    expect(await stateOf(id)).toBe('live');
  }
  const expectInMain = async (file: string, ...texts: string[]) => {
    const { tree } = await currentRepository({ maxAgeMs: 0 });
    for (const text of texts) expect(tree.read(file)).toContain(text);
  };

  test('in other places of one file: the second one, opened on the old base, merges cleanly', async () => {
    // Without a page each: its row stands behind that of the number before it, so that two pages at a time are in the same place.
    const docs = { runbook: false };
    const first = await opened('apart-a', { docs, routing: undefined });
    const second = await opened('apart-b', { docs, routing: undefined, category: 'observability' });
    expect((await getRequest(first)).baseSha).toBe((await getRequest(second)).baseSha);
    const shared = (await getRequest(first)).files.map(({ path }) => path);
    expect((await getRequest(second)).files.map(({ path }) => path).filter((path) => shared.includes(path))).toEqual([
      'config/port_registry.yaml',
      'docs/wiki/Architecture_Index.md',
    ]);
    await land(first);
    await syncPullRequest(second);
    expect(await eventsOf(second, 'conflict')).toEqual([]);
    await land(second);
    await expectInMain('config/port_registry.yaml', 'apart-a', 'apart-b');
    await expectInMain('docs/wiki/Architecture_Index.md', 'apart-a', 'apart-b');
  });

  test('in the same place: GitHub refuses the second one until it is planned again; cancelled and submitted anew it merges', async () => {
    const first = await opened('beside-a');
    const second = await opened('beside-b');
    await land(first);
    const job = `refresh-request:${second}`;
    await db().$executeRaw`SELECT graphile_worker.remove_job(${job})`;
    await syncPullRequest(second);
    expect(await eventsOf(second, 'conflict')).toEqual([]);
    expect(await db().$queryRaw<unknown[]>`SELECT 1 FROM graphile_worker.jobs WHERE key = ${job}`).toHaveLength(1);
    await expect(platform.api('PUT', `/pulls/${await numberOf(second)}/merge`)).rejects.toThrow('405');

    await cancelRequest(second, platform.dana);
    await cancelOnGitHub(second);
    const again = await submitOne(platform.dana, specOf('beside-b'), 'once more');
    await openPullRequest(again);
    await land(again);
    await expectInMain('config/port_registry.yaml', 'beside-a', 'beside-b');
    await expectInMain('compose/docker-compose.integrations.yml', '  beside-a:', '  beside-b:');
    expect((await previewOf(specOf('beside-b'))).plan.outcome).toBe('unchanged');
  });
});

describe('merged', () => {
  test('a reviewer changed the port in the pull request: active is what main says', async () => {
    const id = await opened('edited');
    const { branch, allocations } = await getRequest(id);
    const external = allocations.ports[0]?.external;
    if (external === undefined || external === 'none') throw new Error('no port');
    const { tree } = await repositoryAt((await getRequest(id)).headSha ?? '');
    const files = Object.fromEntries(
      (await getRequest(id)).files.map(({ path }) => [
        path,
        (tree.read(path) ?? '').replaceAll(String(external.from), '46100'),
      ]),
    );
    await platform.api('POST', '/_slipway/push', { login: 'operator', branch, message: 'fix: another port', files });
    await syncPullRequest(id);
    const [commit] = await eventsOf(id, 'commit');
    expect(commit).toMatchObject({ actor: 'Owen Operator', status: 'info' });
    await platform.api('PUT', `/pulls/${await numberOf(id)}/merge`);
    await syncPullRequest(id);
    await syncRepository();
    expect(await stateOf(id)).toBe('live');
    expect(await portsOf('edited')).toMatchObject([{ state: 'active', range: { from: 46_100, to: 46_100 } }]);
  });

  test('squashed, and heard of by the poll alone', async () => {
    const id = await opened('polled');
    await platform.api('PUT', '/_slipway/webhook', { url: 'http://127.0.0.1:9/nobody', secret: 'nobody-listens-here' });
    await platform.api('PUT', `/pulls/${await numberOf(id)}/merge`, { merge_method: 'squash' });
    await db().$executeRaw`SELECT graphile_worker.remove_job(${`sync-pull-request:${id}`})`;
    await reconcile();
    const jobs = await db().$queryRaw<unknown[]>`
      SELECT 1 FROM graphile_worker.jobs WHERE key = ${`sync-pull-request:${id}`}`;
    expect(jobs).toHaveLength(1);
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('merged');
  });
});

describe('comments and reviews', () => {
  const said = async (id: number) =>
    (await getRequest(id)).timeline.filter(({ kind }) => ['comment', 'review', 'review-request'].includes(kind));
  const words = async (id: number) => (await said(id)).map(({ title, detail }) => (detail ? [title, detail] : [title]));
  /** As if what was seen before had not been: everything is read and told once more. */
  const syncAgain = async (id: number) => {
    await db().changeRequest.update({ where: { id }, data: { pullUpdatedAt: null } });
    await syncPullRequest(id);
  };

  test('stand in the timeline once, with who, when and where: comments on lines and requests for reviews too', async () => {
    const id = await opened('discussed');
    const number = await numberOf(id);
    const { headSha, files } = await getRequest(id);
    const path = files.find(({ path: each }) => each.startsWith('compose/'))?.path ?? '';
    const { tree } = await repositoryAt(headSha ?? '');
    const line = (tree.read(path) ?? '').split('\n').findIndex((text) => text.includes('discussed')) + 1;
    await platform.api('POST', `/issues/${number}/comments`, { body: 'Should this router buffer?' });
    const first = await platform.api<{ id: number; html_url: string; created_at: string }>(
      'POST',
      `/pulls/${number}/comments`,
      { commit_id: headSha, path, line, body: 'Which network?' },
    );
    await platform.api('POST', `/pulls/${number}/comments/${first.id}/replies`, { body: 'The proxy’s.' });
    await platform.api('POST', `/pulls/${number}/requested_reviewers`, { reviewers: ['reader'] });
    await platform.api('DELETE', `/pulls/${number}/requested_reviewers`, { reviewers: ['reader'] });
    await platform.api('POST', `/pulls/${number}/reviews`, { event: 'APPROVE', body: 'Good.' });
    await syncPullRequest(id);
    await syncAgain(id);
    // GitHub's times are whole seconds: what has one is in no order.
    expect((await words(id)).map(String).sort()).toEqual(
      [
        ['slipway-bot asked operator for a review'],
        ['operator commented', 'Should this router buffer?'],
        [`operator commented on ${path}, line ${line}`, 'Which network?'],
        [`operator replied on ${path}, line ${line}`, 'The proxy’s.'],
        ['operator asked reader for a review'],
        ['operator no longer asks reader for a review'],
        ['operator approved', 'Good.'],
      ]
        .map(String)
        .sort(),
    );
    const entry = (await said(id)).find(({ detail }) => detail === 'Which network?');
    expect(entry).toMatchObject({ actor: 'operator', link: first.html_url });
    const openedAt = (await eventsOf(id, 'pull-request'))[0]?.at ?? '';
    const times = (await said(id)).map(({ at }) => Date.parse(at));
    for (const at of times) expect(at).toBeGreaterThanOrEqual(Date.parse(openedAt));
    expect(Date.parse(entry?.at ?? '')).toBe(Math.max(Date.parse(first.created_at), Date.parse(openedAt)));
  });

  test('a dismissed review stands with what it said, and with who dismissed it and why, whenever it is heard of', async () => {
    const all = [
      ['operator asked for changes', 'The name.'],
      ['operator dismissed operator’s review', 'Settled elsewhere.'],
    ];
    const review = async (name: string) => {
      const id = await opened(name, { ports: [], routing: undefined });
      const number = await numberOf(id);
      const made = await platform.api<{ id: number }>('POST', `/pulls/${number}/reviews`, {
        event: 'REQUEST_CHANGES',
        body: 'The name.',
      });
      const dismiss = () =>
        platform.api('PUT', `/pulls/${number}/reviews/${made.id}/dismissals`, { message: 'Settled elsewhere.' });
      return { id, dismiss };
    };
    const reviews = async (id: number) => (await words(id)).filter(([title]) => !title?.includes('for a review'));
    const seen = await review('dismissed-seen');
    await syncPullRequest(seen.id);
    expect(await reviews(seen.id)).toEqual(all.slice(0, 1));
    await seen.dismiss();
    await syncPullRequest(seen.id);
    await syncAgain(seen.id);
    expect(await reviews(seen.id)).toEqual(all);
    // Nobody told of the review before it was dismissed.
    const unseen = await review('dismissed-unseen');
    await unseen.dismiss();
    await syncPullRequest(unseen.id);
    expect(await reviews(unseen.id)).toEqual(all);
  });

  test('a server without the timeline shows the rest', async () => {
    const id = await opened('without-timeline', { ports: [], routing: undefined });
    const number = await numberOf(id);
    await platform.api('POST', `/pulls/${number}/reviews`, { event: 'APPROVE', body: '' });
    platform.github.faults.add({ path: '/timeline', respond: { status: 404 }, times: 50 });
    await syncPullRequest(id);
    await platform.api('PATCH', `/pulls/${number}`, { state: 'closed' });
    await syncPullRequest(id);
    platform.github.faults.clear();
    expect(await words(id)).toEqual([['operator approved']]);
    expect(await eventsOf(id, 'closed')).toMatchObject([{ title: 'Closed without merging', actor: undefined }]);
  });
});

describe('cancelled', () => {
  test('closes the pull request, deletes the branch, gives everything back, tells the tracker', async () => {
    const id = await opened('regretted');
    await updateTracker(id);
    const { branch, links } = await getRequest(id);
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    await updateTracker(id);
    const pull = await platform.api<{ state: string; merged: boolean }>('GET', `/pulls/${await numberOf(id)}`);
    expect(pull).toMatchObject({ state: 'closed', merged: false });
    expect(await hasBranch(branch)).toBe(false);
    expect(await stateOf(id)).toBe('cancelled');
    expect(await portsOf('regretted')).toEqual([]);
    expect((await previewOf(specOf('regretted'))).conflicts).toEqual([]);
    const issue = await platform.notionApi<unknown>('GET', `/v1/pages/${links.issue?.slice(-32) ?? ''}`);
    expect(JSON.stringify(issue)).toContain('"Idea"');
    expect((await eventsOf(id, 'tracker')).at(-1)?.title).toContain('cancelled');
    // GitHub's own word of the closing changes nothing any more, and what Slipway said there is not said again here.
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('cancelled');
    expect(await eventsOf(id, 'comment')).toEqual([]);
  });

  test('a branch on which a person committed stays', async () => {
    const id = await opened('shared-branch');
    const { branch } = await getRequest(id);
    await platform.api('POST', '/_slipway/push', {
      login: 'operator',
      branch,
      message: 'docs: mine',
      files: { 'docs/mine.md': 'Mine.\n' },
    });
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    expect(await stateOf(id)).toBe('cancelled');
    expect(await hasBranch(branch)).toBe(true);
    expect((await eventsOf(id, 'cancel')).at(-1)?.detail).toContain('a person committed to it');
  });

  test('before anything stands on GitHub, GitHub is not asked', async () => {
    const id = await submitOne(platform.dana, specOf('never-begun'));
    await cancelRequest(id, platform.dana);
    platform.github.faults.add({ path: '.*', respond: { status: 503 }, times: 50 });
    await cancelOnGitHub(id);
    platform.github.faults.clear();
    expect(await stateOf(id)).toBe('cancelled');
    // And what was queued before does nothing.
    await openPullRequest(id);
    expect(await hasBranch((await getRequest(id)).branch)).toBe(false);
  });

  test('while it is checked, no branch is made any more; while that is made, no pull request', async () => {
    for (const [name, method, path, made] of [
      ['just-checked', 'GET', '/git/trees/', false],
      ['just-begun', 'POST', '/git/refs', true],
    ] as const) {
      const id = await submitOne(platform.dana, specOf(name, { ports: [], routing: undefined }));
      const { branch } = await getRequest(id);
      platform.github.faults.forgetRequests();
      platform.github.faults.add({ method, path, hold: 'before' });
      const opening = openPullRequest(id);
      await expect.poll(() => platform.github.faults.heldCount, { timeout: 30_000 }).toBe(1);
      await cancelRequest(id, platform.dana);
      platform.github.faults.release();
      await opening;
      expect(await hasBranch(branch)).toBe(made);
      await cancelOnGitHub(id);
      expect(await getRequest(id)).toMatchObject({ state: 'cancelled', pull: undefined });
      expect(await hasBranch(branch)).toBe(false);
      expect(platform.github.faults.requests('POST', /\/pulls$/)).toEqual([]);
    }
  });

  test('a merge that was faster wins', async () => {
    const id = await opened('too-fast');
    await cancelRequest(id, platform.dana);
    await platform.api('PUT', `/pulls/${await numberOf(id)}/merge`);
    await cancelOnGitHub(id);
    expect(await portsOf('too-fast')).toHaveLength(1);
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('merged');
    expect(await eventsOf(id, 'cancel')).toMatchObject([{ status: 'info' }, { status: 'failed' }]);
  });

  test('while GitHub is away nothing is given back', async () => {
    const id = await opened('held-back');
    await cancelRequest(id, platform.dana);
    platform.github.faults.add({ path: '.*', drop: 'before', times: 50 });
    await cancelOnGitHub(id);
    platform.github.faults.clear();
    expect(await stateOf(id)).toBe('in_review');
    expect(await portsOf('held-back')).toMatchObject([{ state: 'reserved' }]);
    await cancelOnGitHub(id);
    expect(await stateOf(id)).toBe('cancelled');
  });
});

describe('webhooks', () => {
  test('sent twice, taken in once; without the right signature not at all', async () => {
    const body = Buffer.from(JSON.stringify({ action: 'opened', repository: { full_name: 'ravenhelm/platform' } }));
    const headers = (signature: string) =>
      new Headers({
        'x-hub-signature-256': signature,
        'x-github-delivery': 'sent-twice',
        'x-github-event': 'pull_request',
      });
    const signature = signatureOf('a-webhook-secret-for-tests', body.toString());
    await expect(receiveWebhook(headers(signature.replace(/.$/, '!')), body)).rejects.toThrow(UnauthenticatedError);
    expect(await db().webhookDelivery.count({ where: { id: 'sent-twice' } })).toBe(0);
    expect(await receiveWebhook(headers(signature), body)).toBe('accepted');
    expect(await receiveWebhook(headers(signature), body)).toBe('known');
  });

  test('a delivery counts once, and one of another repository not at all', async () => {
    const id = await opened('delivered');
    await db().$executeRaw`SELECT graphile_worker.remove_job(${`sync-pull-request:${id}`})`;
    const payload = { action: 'closed', pull_request: { number: await numberOf(id) } };
    const deliver = async (delivery: string, repository: string) => {
      const full = { ...payload, repository: { full_name: repository } };
      await db().webhookDelivery.create({ data: { id: delivery, event: 'pull_request', payload: full } });
      await processWebhook(delivery);
      await processWebhook(delivery);
      return (await db().webhookDelivery.findUniqueOrThrow({ where: { id: delivery } })).outcome;
    };
    expect(await deliver('a', 'somebody/else')).toContain('another repository');
    const jobs = () => db().$queryRaw<unknown[]>`
      SELECT 1 FROM graphile_worker.jobs WHERE key = ${`sync-pull-request:${id}`}`;
    expect(await jobs()).toHaveLength(0);
    expect(await deliver('b', 'ravenhelm/platform')).toBe(`request ${id}`);
    expect(await jobs()).toHaveLength(1);
  });
});
