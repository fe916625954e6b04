/**
 * Merges every open pull request, one after the other, as operators would: always one that GitHub says is mergeable. A few times it waits until all others
 * are mergeable again before it goes on.
 */
import type { BenchStack } from './bench-stack';
import { duration, Report } from './report';
import { count, readRequests, until, untilQuiet, type RequestTruth } from './truth';

/** Before these many are left, all of them have to be mergeable again. */
const WAIT_FOR_ALL = [99, 9];
/** The tenth request's promise: within two minutes the other nine are mergeable again. */
const TEN_MS = 120_000;

/** From webhook to page, however busy the workers are. */
const SHOWN_MS = 2000;

interface Cycle {
  /** Open ones after the merge. */
  left: number;
  /** From the merge until another one was mergeable. */
  nextMs: number;
  /** From the merge until all were, where that was waited for. */
  allMs: number | undefined;
}

export async function mergeAll(bench: BenchStack): Promise<void> {
  const { database, github } = bench;
  const report = new Report('All merged, one after the other');
  const submitted = await readRequests(database);
  const started = performance.now();
  const cycles: Cycle[] = [];
  const counts = { all: 0, writes: 0 };
  let next = await nextMergeable(bench);
  while (next) {
    await github.act(next.pullNumber ?? 0, 'merge', { sha: next.headSha ?? '' });
    const merged = performance.now();
    const left = submitted.length - cycles.length - 1;
    const waits = WAIT_FOR_ALL.includes(left);
    if (waits) await untilAllMergeable(bench, left);
    const allMs = waits ? performance.now() - merged : undefined;
    next = left === 0 ? undefined : await nextMergeable(bench);
    cycles.push({ left, nextMs: performance.now() - merged, allMs });
    const { all, writes } = await github.takeCounts();
    counts.all += all;
    counts.writes += writes;
  }
  const tookMs = performance.now() - started;
  await untilLive(bench, submitted.length);
  await untilQuiet(database);

  const pulls = await github.pulls();
  const merged = pulls.filter(({ merged_at: at }) => at !== null).length;
  report.judge(
    'merged on GitHub',
    `${merged} of ${pulls.length}`,
    `${submitted.length}`,
    merged === submitted.length && pulls.length === merged,
  );
  const missing = await missingInMain(bench);
  report.judge(
    'services in main',
    missing.length === 0 ? 'all' : `missing: ${missing.join(', ')}`,
    'each once',
    missing.length === 0,
  );
  report.times(
    'merge until another one is mergeable',
    cycles.filter(({ left, allMs }) => left > 0 && allMs === undefined).map(({ nextMs }) => nextMs),
  );
  for (const { left, allMs } of cycles) {
    if (allMs === undefined) continue;
    if (left === 9)
      report.judge(
        `merge until the other ${left} are mergeable`,
        duration(allMs),
        `under ${duration(TEN_MS)}`,
        allMs < TEN_MS,
      );
    else report.tell(`merge until the other ${left} are mergeable`, duration(allMs));
  }
  report.times('merge webhook to request page, while the others follow main', await mergesShown(bench), SHOWN_MS);
  const refreshes = await count(database, 'SELECT count(*)::int AS count FROM request_refreshes');
  report.tell(
    'refreshes',
    `${refreshes}, ${(refreshes / Math.max(1, submitted.length - 1)).toFixed(1)} for each merge`,
  );
  report.tell('requests to GitHub', `${counts.all}, ${counts.writes} that create something`);
  report.tell('all merged after', duration(tookMs));
  report.print();
}

/** The lowest of those that the portal has looked at on main as it is and that GitHub would merge. */
async function nextMergeable({ database, github }: BenchStack): Promise<RequestTruth | undefined> {
  return until('another one is mergeable', async () => {
    const main = await github.mainSha();
    const open = (await readRequests(database)).filter(({ state }) => state === 'in_review');
    for (const request of open) {
      if (request.judgedSha !== main && request.judgedSha !== null) continue;
      const pull = await github.pull(request.pullNumber ?? 0);
      if (pull.state === 'open' && pull.mergeable === true) return { ...request, headSha: pull.head.sha };
    }
    return undefined;
  });
}

async function untilAllMergeable({ database, github }: BenchStack, left: number): Promise<void> {
  const main = await github.mainSha();
  const open = await until('all are mergeable', async () => {
    const now = (await readRequests(database)).filter(({ state }) => state === 'in_review');
    return now.length === left && now.every(({ judgedSha }) => judgedSha === main) ? now : undefined;
  });
  for (const { pullNumber } of open) {
    const { mergeable } = await github.pull(pullNumber ?? 0);
    if (mergeable !== true) throw new Error(`pull request ${pullNumber} is not mergeable`);
  }
}

async function untilLive({ database }: BenchStack, all: number): Promise<void> {
  await until('all are live', async () => {
    const live = (await readRequests(database)).filter(({ state }) => state === 'live').length;
    return live === all || undefined;
  });
}

/** Services that were submitted and have no port of their own that main says. */
async function missingInMain({ database }: BenchStack): Promise<string[]> {
  const { rows } = await database.query<{ service: string }>(
    `SELECT request.service_name AS service FROM change_requests request
     WHERE (SELECT count(*) FROM port_reservations port WHERE port.request_id = request.id AND port.state = 'active') <> 1`,
  );
  return rows.map(({ service }) => service);
}

/** Milliseconds from each merge's webhook until the request was merged here: in that moment the database wakes its page. */
async function mergesShown({ database }: BenchStack): Promise<number[]> {
  // By the audit's clock: the timeline says when GitHub merged it.
  const { rows } = await database.query<{ ms: number }>(
    `SELECT extract(epoch FROM entry.at - min(delivery.received_at))::float8 * 1000 AS ms
     FROM audit_entries entry
     JOIN change_requests request ON request.id = entry.request_number
     JOIN webhook_deliveries delivery ON delivery.event = 'pull_request' AND delivery.payload ->> 'action' = 'closed'
       AND (delivery.payload -> 'pull_request' ->> 'number')::int = request.pull_number
     WHERE entry.subject_kind = 'request' AND entry.after ->> 'state' = 'merged'
     GROUP BY entry.id, entry.at`,
  );
  return rows.map(({ ms }) => ms);
}
