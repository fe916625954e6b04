/**
 * A hundred people at once: 100 submissions sent in parallel to three portals, worked on by two workers, on one repository, all into the same few files.
 * Each has to become exactly one pull request. Then all are merged, one after the other: each merge puts all others in conflict, and the workers plan
 * them again on the new main. Whatever is lost or there twice makes this end with code 1. Part of `npm run bench`.
 */
import { CATEGORY, startBenchStack, untilCategoryIsKnown, type BenchStack } from './bench-stack';
import { mergeAll } from './merge-all';
import { draftOf, preview, submit } from './portal-client';
import { duration, Report } from './report';
import { count, countPorts, readRequests, until, untilQuiet } from './truth';

const REQUESTS = 100;
const PORTALS = 3;
const WORKERS = 2;

const bench = await startBenchStack({ portals: PORTALS, workers: WORKERS });
try {
  await untilCategoryIsKnown(bench);
  await untilQuiet(bench.database);
  await bench.github.takeCounts();
  await submitAll(bench);
  await mergeAll(bench);
} finally {
  await bench.stop();
}

async function submitAll(bench: BenchStack): Promise<void> {
  const { portals, database, github } = bench;
  const report = new Report(`${REQUESTS} submissions at once, ${PORTALS} portals, ${WORKERS} workers`);
  const portalOf = (index: number) => portals[index % portals.length] ?? portals[0];
  const seen = [];
  for (let index = 0; index < REQUESTS; index += 1)
    seen.push(await preview(portalOf(index), draftOf(`bench-${index + 1}`, CATEGORY)));

  const sentAt = Date.now();
  const answered: number[] = [];
  const ids = await Promise.all(
    seen.map(async (one, index) => {
      const id = await submit(portalOf(index), one);
      answered.push(Date.now() - sentAt);
      return id;
    }),
  );
  const requests = await until('all pull requests are open', async () => {
    const now = await readRequests(database);
    const failed = now.filter(({ state }) => state === 'failed');
    if (failed.length > 0) throw new Error(`requests failed: ${failed.map(({ id }) => id).join(', ')}`);
    return now.every(({ state }) => state === 'in_review') ? now : undefined;
  });
  const allOpenMs = Date.now() - sentAt;
  await untilQuiet(database);
  const { all, writes } = await github.takeCounts();
  const pulls = await github.pulls();
  const ports = await countPorts(database);
  const different = <Value>(values: readonly Value[]) => new Set(values).size;

  report.judge(
    'requests',
    `${different(ids)} different`,
    `${REQUESTS}`,
    different(ids) === REQUESTS && requests.length === REQUESTS,
  );
  report.judge(
    'pull requests',
    `${pulls.length}, of ${different(pulls.map(({ head }) => head.ref))} branches`,
    `${REQUESTS}, each once`,
    pulls.length === REQUESTS &&
      different(requests.map(({ pullNumber }) => pullNumber)) === REQUESTS &&
      requests.every(({ branch, pullNumber }) =>
        pulls.some(({ number, head }) => number === pullNumber && head.ref === branch),
      ),
  );
  report.judge(
    'ports',
    `${ports.all}, ${ports.different} different`,
    `${REQUESTS}, all different`,
    ports.all === REQUESTS && ports.different === REQUESTS,
  );
  const owed = await count(
    database,
    `SELECT count(*)::int AS count FROM request_steps WHERE name IN ('tracker-issue', 'runbook-page', 'link') AND status <> 'done'`,
  );
  report.judge('steps owed to the tracker', String(owed), '0', owed === 0);
  report.times('answer to a submission', answered);
  report.times(
    'submission to open pull request, all at once',
    requests.map(({ openedAt }) => (openedAt?.getTime() ?? Number.NaN) - sentAt),
  );
  report.tell('until all are open', duration(allOpenMs));
  report.tell('requests to GitHub', `${all >= 5000 ? 'at least ' : ''}${all}, ${writes} that create something`);
  report.print();
}
