/**
 * For tests alone: all that there is of a request in all systems, without what differs from one request to the next: two that went the same way are equal,
 * whatever became of the processes that worked on them.
 */
import { db } from '@/lib/db';
import { getRequest } from '@/lib/requests/queries';
import { BACKLOG_DATA_SOURCE_ID, RUNBOOKS_DATA_SOURCE_ID } from '@/local/notion/ids';
import type { TestPlatform } from './test-platform';

/** The service's newest request. */
export function newestOf(serviceName: string) {
  return db().changeRequest.findFirstOrThrow({ where: { serviceName }, orderBy: { id: 'desc' } });
}

/** How far the service's request has come before a journey: what was then is not compared. */
export interface Stand {
  id: number;
  events: number;
  refreshes: number;
}

export async function standOf(serviceName: string): Promise<Stand> {
  const newest = await db().changeRequest.findFirst({ where: { serviceName }, orderBy: { id: 'desc' } });
  if (!newest) return { id: 0, events: 0, refreshes: 0 };
  const where = { requestId: newest.id };
  const [events, refreshes] = await Promise.all([
    db().timelineEvent.count({ where }),
    db().requestRefresh.count({ where }),
  ]);
  return { id: newest.id, events, refreshes };
}

/** All that there is of a request, in all systems, without what differs from one request to the next. */
export async function outcomeOf(platform: TestPlatform, id: number, before: Stand): Promise<unknown> {
  const request = await getRequest(id);
  const since = before.id === id ? before : { events: 0, refreshes: 0 };
  const { branch, serviceName } = request;
  const pulls = await platform.api<{ number: number }[]>('GET', `/pulls?state=all&head=ravenhelm:${branch}`);
  const held = { OR: [{ state: { not: 'released' as const } }, { requestId: id }] };
  const [ports, hosts, refreshes, branches, commits, comments, pages] = await Promise.all([
    db().portReservation.findMany({ where: { service: serviceName, ...held }, orderBy: { createdAt: 'asc' } }),
    db().hostClaim.findMany({
      where: { request: { serviceName }, OR: [{ releasedAt: null }, { requestId: id }] },
      orderBy: { releasedAt: 'asc' },
    }),
    db().requestRefresh.findMany({ where: { requestId: id }, orderBy: { number: 'asc' } }),
    platform.api<{ ref: string }[]>('GET', `/git/matching-refs/heads/${branch}`),
    Promise.all(
      pulls.map(({ number }) => platform.api<{ commit: { message: string } }[]>('GET', `/pulls/${number}/commits`)),
    ),
    Promise.all(pulls.map(({ number }) => platform.api<{ body: string }[]>('GET', `/issues/${number}/comments`))),
    pagesOf(platform, id),
  ]);
  const events = request.timeline
    .slice(since.events)
    // On a slow machine a call that is held is given up, and told, before its worker is killed.
    .filter(({ kind, status }) => kind !== 'waiting' && status !== 'owed')
    .map(({ kind, status, title, detail, link }) =>
      general(JSON.stringify({ kind, status, title, detail, link }), serviceName),
    );
  const messages = commits.flat().map(({ commit }) => commit.message);
  const outcome = {
    state: request.state,
    failure: request.failure,
    // Whether main had moved before is not this stretch's; what it did is in `refreshes`.
    steps: request.steps
      .filter(({ name }) => name !== 'refresh')
      .map(({ name, status, error }) => ({ name, status, error })),
    // Polls and jobs of their own time find some of it: the order is theirs.
    timeline: events.sort(),
    ports: ports.map(({ state, portName, protocol, reason }) => ({ state, portName, protocol, reason })),
    hosts: hosts.map(({ path, releasedAt }) => ({ path, held: releasedAt === null })),
    refreshes: refreshes.slice(since.refreshes).map(({ outcome: how }) => how),
    branches: branches.map(({ ref }) => ref),
    pulls: pulls.map((pull) =>
      picked(pull, ['state', 'merged_at', 'title', 'body', 'labels', 'requested_reviewers', 'base']),
    ),
    commits: messages.filter((message) => !isRefresh(message)),
    refreshedOnce: messages.filter(isRefresh).length === refreshes.filter((one) => one.outcome === 'applied').length,
    comments: comments.flat().map(({ body }) => body),
    pages,
  };
  return comparable(outcome, serviceName);
}

/** The request's pages in the tracker with all that stands on them. */
async function pagesOf(platform: TestPlatform, id: number): Promise<unknown[]> {
  const found = [];
  for (const source of [BACKLOG_DATA_SOURCE_ID, RUNBOOKS_DATA_SOURCE_ID]) {
    const { results } = await platform.notionApi<{ results: { id: string; properties: object }[] }>(
      'POST',
      `/v1/data_sources/${source}/query`,
      { page_size: 100 },
    );
    for (const page of results.filter((one) => JSON.stringify(one).includes(`/requests/${id}"`))) {
      const { results: blocks } = await platform.notionApi<{ results: Record<string, unknown>[] }>(
        'GET',
        `/v1/blocks/${page.id}/children?page_size=100`,
      );
      found.push({ properties: page.properties, blocks: blocks.map((block) => block[String(block.type)]) });
    }
  }
  return found;
}

const isRefresh = (message: string) => message.startsWith('Merge main ');

const picked = (value: object, names: string[]) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));

/** Numbers, hashes, times and the name stand for what they are. */
function comparable(value: unknown, service: string): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === 'string' ? general(inner, service) : typeof inner === 'number' ? 'N' : inner,
  );
}

function general(text: string, service: string): string {
  return (
    text
      .replaceAll(service, 'NAME')
      // Told to whoever got the port that the file hints at.
      .replace(/[^\n]*The hint says that[^\n]*\n/g, '')
      // The tracker is told whichever it is when its job runs.
      .replace(/says that it was (merged|live|removed)/, 'says that it was merged')
      .replace(/slipway:spec [\w-]+/g, 'SPEC')
      .replace(/[\d.]+ (ms|s)\b/g, 'DURATION')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, 'TIME')
      .replace(/[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}/g, 'UUID')
      .replace(/\b[\da-f]{4}…[\da-f]{4}\b|\b(?=[a-f]*\d)[\da-f]{7,64}\b/g, 'HASH')
      .replace(/\d+/g, 'N')
  );
}
