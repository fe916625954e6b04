/**
 * GitHub and Notion fail at every call of a request's life: addition, a main that moves, merge, change, cancellation, removal. In one life each call is struck
 * once; in six lives by every kind of fault. Time goes by at once: what waits is taken when nothing else is left to do.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKLOG_DATA_SOURCE_ID, RUNBOOKS_DATA_SOURCE_ID } from '@/local/notion/ids';
import { db } from '@/lib/db';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest, getRequestFiles } from '@/lib/requests/queries';
import type { RequestDetails } from '@/lib/requests/views';
import { DraftContent } from '@/lib/wizard/draft-content';
import { previewRemoval } from './preview-removal';
import { previewService } from './preview-service';
import { submitRemoval, submitService, type SubmitResult } from './submit-service';
import { Life } from './test-life';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { faultKinds, Strikes } from './test-strikes';
import { withoutTools } from './test-tools';

const settings = {
  // The tools ask nobody; what they say is another test's.
  ...withoutTools,
  // The row of those who write would let six lives wait for hours.
  GITHUB_WRITES_PER_MINUTE: '100000',
  GITHUB_WRITES_PER_HOUR: '1000000',
};
const before = Object.fromEntries(Object.keys(settings).map((name) => [name, process.env[name]]));
let platform: TestPlatform;
let strikes: Strikes;
beforeAll(async () => {
  Object.assign(process.env, settings);
  platform = await startTestPlatform({ webhooks: false });
  strikes = new Strikes({ GitHub: platform.githubProxy, Notion: platform.notionProxy });
});
afterAll(async () => {
  await platform.end();
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

interface Pull {
  state: string;
  body: string;
  mergeable: boolean;
}
const branchesOf = ({ branch }: RequestDetails) => platform.api<unknown[]>('GET', `/git/matching-refs/heads/${branch}`);
const pullsOf = ({ branch }: RequestDetails) =>
  platform.api<Pull[]>('GET', `/pulls?state=all&head=ravenhelm:${branch}`);
const pagesOf = async (dataSource: string, requestId: number) => {
  const { results } = await platform.notionApi<{ results: unknown[] }>('POST', `/v1/data_sources/${dataSource}/query`, {
    filter: { property: 'Request', rich_text: { equals: String(requestId) } },
  });
  return results;
};
const portsOf = (requestId: number) => db().portReservation.findMany({ where: { requestId } });
const merge = async (id: number) => {
  await platform.api('PUT', `/pulls/${(await getRequest(id)).pull?.number ?? 0}/merge`);
};
const idOf = (result: SubmitResult) => {
  if (result.kind !== 'submitted') throw new Error(`not submitted: ${result.kind}`);
  return result.requestId;
};

/** One branch, one pull request, one issue, one set of ports, and nothing told twice. */
async function expectOpenedOnce(id: number, claims: { pages: number; ports: number }): Promise<void> {
  const request = await getRequest(id);
  expect(request.state).toBe('in_review');
  expect(await branchesOf(request)).toHaveLength(1);
  expect(await pullsOf(request)).toMatchObject([{ state: 'open' }]);
  expect(await pagesOf(BACKLOG_DATA_SOURCE_ID, id)).toHaveLength(1);
  expect(await pagesOf(RUNBOOKS_DATA_SOURCE_ID, id)).toHaveLength(claims.pages);
  const ports = await portsOf(id);
  expect(ports.map(({ state }) => state)).toEqual(Array.from({ length: claims.ports }, () => 'reserved'));
  expectToldOnce(request, ['reserved', 'checked', 'commits', 'pull-request']);
}

/** What became of it is told once each; what went wrong on the way may be told as often as it did. */
function expectToldOnce({ timeline }: RequestDetails, wanted: string[]): void {
  const onTheWay = ['waiting', 'limit', 'failed', 'retry'];
  const told = timeline
    .filter(({ kind, title }) => !onTheWay.includes(kind) && title !== 'Could not cancel yet')
    .map(({ kind, title }) => `${kind}: ${title}`);
  expect(told.filter((one, at) => told.indexOf(one) !== at)).toEqual([]);
  const kinds = timeline.map(({ kind }) => kind);
  for (const kind of wanted) expect(kinds, kind).toContain(kind);
}

/** Somebody writes into the same place of the registry as the request does. */
async function moveMain(id: number): Promise<void> {
  const path = 'config/port_registry.yaml';
  const file = (await getRequestFiles(id)).find((one) => one.path === path);
  const [lines, after] = [(file?.before ?? '').split('\n'), (file?.after ?? '').split('\n')];
  lines.splice(
    after.findIndex((line, at) => line !== lines[at]),
    0,
    `  # Looked at after request ${id}.`,
  );
  await platform.api('POST', '/_slipway/push', {
    login: 'operator',
    message: 'docs(ports): a remark',
    files: { [path]: lines.join('\n') },
  });
}

async function wholeLife(turn: number | undefined): Promise<void> {
  strikes.beginLife(turn);
  const name = turn === undefined ? 'untroubled' : `troubled-${turn + 1}`;
  const life = new Life(platform, strikes);

  strikes.beginPart('addition');
  const added = await submitOne(platform.dana, specOf(name));
  await life.until(added, 'in_review');
  await expectOpenedOnce(added, { pages: 1, ports: 1 });
  const opened = await getRequest(added);
  for (const link of [opened.links.issue, opened.links.runbookPage])
    expect((await pullsOf(opened))[0]?.body).toContain(link);

  strikes.beginPart('main moved');
  await moveMain(added);
  await life.clock(added);
  await life.until(added, 'in_review');
  const refreshed = await getRequest(added);
  expect(refreshed.timeline.filter(({ kind, status }) => kind === 'refresh' && status === 'done')).toHaveLength(1);
  const pull = await platform.api<Pull>('GET', `/pulls/${refreshed.pull?.number ?? 0}`);
  expect(pull).toMatchObject({ mergeable: true });
  expect(pull.body).toContain(refreshed.digest);
  expect(await portsOf(added)).toMatchObject([{ state: 'reserved' }]);

  strikes.beginPart('merge');
  await merge(added);
  await life.until(added, 'live');
  expectToldOnce(await getRequest(added), ['merged', 'live']);
  expect(await portsOf(added)).toMatchObject([{ state: 'active' }]);

  // Opening is the same code whatever is opened; what may go wrong in its own way is what was done, and what was refused.
  strikes.beginPart('change', ['refusal', 'lost-after']);
  const external = 46_900 + (turn ?? faultKinds.length);
  const manifest = specOf(name, { ports: [{ name: 'http', internal: 7980, external, why: 'HTTP API' }] });
  const { digest } = await previewService(DraftContent.parse(manifest), { changes: name });
  const words = { digest: digest ?? '', actor: platform.dana };
  const changed = idOf(
    await submitService({ action: 'change', manifest, idempotencyKey: `change of ${name}`, ...words }),
  );
  await life.until(changed, 'in_review');
  await expectOpenedOnce(changed, { pages: 0, ports: 1 });

  strikes.beginPart('cancellation');
  await cancelRequest(changed, platform.dana);
  await life.until(changed, 'cancelled');
  const cancelled = await getRequest(changed);
  expect(await branchesOf(cancelled)).toEqual([]);
  expect(await pullsOf(cancelled)).toMatchObject([{ state: 'closed' }]);
  expect(await portsOf(changed)).toMatchObject([{ state: 'released' }]);
  expect(await portsOf(added)).toMatchObject([{ state: 'active' }]);
  expectToldOnce(cancelled, ['cancel']);
  const said = await platform.api<{ body: string }[]>('GET', `/issues/${cancelled.pull?.number ?? 0}/comments`);
  expect(said).toHaveLength(1);
  expect(JSON.stringify(await pagesOf(BACKLOG_DATA_SOURCE_ID, changed))).toContain('"Idea"');

  strikes.beginPart('removal', ['limit', 'lost-after']);
  const seen = await previewRemoval(name);
  const removed = idOf(
    await submitRemoval({
      service: name,
      digest: seen.digest ?? '',
      idempotencyKey: `removal of ${name}`,
      actor: platform.dana,
    }),
  );
  await life.until(removed, 'in_review');
  await expectOpenedOnce(removed, { pages: 0, ports: 0 });
  await merge(removed);
  await life.until(removed, 'live');
  expectToldOnce(await getRequest(removed), ['merged', 'live']);
  expect(await portsOf(added)).toMatchObject([{ state: 'released' }]);
}

describe('every call of a life is struck', () => {
  test('a life without faults says which calls there are', async () => {
    await wholeLife(undefined);
    expect(strikes.known.size).toBeGreaterThan(100);
  }, 600_000);

  test.each(faultKinds.map((_, turn) => turn))(
    'life %i of six: everything is there once in the end',
    wholeLife,
    600_000,
  );

  test('no call was left out by any kind', () => {
    // The integration's own name is asked for once by each process.
    expect(strikes.missing().filter((one) => !one.includes('/v1/users/me'))).toEqual([]);
  });
});
