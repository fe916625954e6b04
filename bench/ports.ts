/**
 * Who gets a port when everybody asks at once: 500 `auto` reservations sent in parallel to three portals, against one pool of 500. All have to be different
 * and none refused; and the throughput has to be at least half of what bare inserts reach, one after the other on one connection, under the same constraint
 * and the same lock. Both run on the same durable PostgreSQL, in turn, so that the ratio says something whatever the machine. Part of `npm run bench`.
 */
import type pg from 'pg';
import { POOLS, startBenchStack } from './bench-stack';
import { post, type Portal } from './portal-client';
import { Report } from './report';
import { count, until } from './truth';

const SIZE = POOLS.bench.end - POOLS.bench.start + 1;
const PORTALS = 3;
const ROUNDS = 3;
const LEAST_RATIO = 0.5;

const bench = await startBenchStack({ portals: PORTALS, workers: 1 });
try {
  const { portals, database } = bench;
  await untilWarm(portals);
  const report = new Report(`${SIZE} reservations at once, ${PORTALS} portals, ${ROUNDS} times`);
  let bareMs = 0;
  let portalsMs = 0;
  const given: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bareMs += await insertBare(database);
    const { tookMs, different } = await reserveAll(portals, database);
    portalsMs += tookMs;
    given.push(different);
  }
  const rate = (ms: number) => `${((ROUNDS * SIZE * 1000) / ms).toFixed(0)} a second`;
  const ratio = bareMs / portalsMs;
  report.judge(
    'different ports',
    given.join(', '),
    `${SIZE} each, none refused`,
    given.every((ports) => ports === SIZE),
  );
  report.tell('reservations', rate(portalsMs));
  report.tell('bare inserts', rate(bareMs));
  report.judge('ratio', ratio.toFixed(2), `at least ${LEAST_RATIO}`, ratio >= LEAST_RATIO);
  report.print();
} finally {
  await bench.stop();
}

/** @throws where it is refused. @returns the port. */
async function reserve(portal: Portal, pool: keyof typeof POOLS): Promise<number> {
  const reservation = { service: 'bench', port: 'auto', pool, reason: 'measures how long it takes' };
  const { range } = await post<{ range: { from: number } }>(portal, '/api/v1/ports/reservations', reservation);
  return range.from;
}

/** Until every portal has read main with the pools, and has answered often enough to be warm. */
async function untilWarm(portals: readonly Portal[]): Promise<void> {
  for (const portal of portals) {
    await until('every portal knows the pools', () => reserve(portal, 'warm-up').catch(() => undefined), {
      everyMs: 1000,
    });
    await Promise.all(Array.from({ length: 250 }, () => reserve(portal, 'warm-up')));
  }
}

/** @returns milliseconds for the whole pool, all asked for at once, and how many different ports were given, by the answers and by the database. */
async function reserveAll(
  portals: [Portal, ...Portal[]],
  database: pg.Client,
): Promise<{ tookMs: number; different: number }> {
  const started = performance.now();
  const ports = await Promise.all(
    Array.from({ length: SIZE }, (_, index) => reserve(portals[index % PORTALS] ?? portals[0], 'bench')),
  );
  const tookMs = performance.now() - started;
  const stored = await count(
    database,
    `SELECT count(DISTINCT port_from)::int AS count FROM port_reservations WHERE pool = 'bench' AND state = 'reserved'`,
  );
  await database.query(`UPDATE port_reservations SET state = 'released' WHERE pool = 'bench'`);
  return { tookMs, different: Math.min(new Set(ports).size, stored) };
}

/** @returns milliseconds for as many inserts, one after the other, each in a transaction that takes the lock first. */
async function insertBare(database: pg.Client): Promise<number> {
  const scope = 'bench-bare';
  const started = performance.now();
  for (let port: number = POOLS.bench.start; port <= POOLS.bench.end; port += 1) {
    await database.query('BEGIN');
    await database.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`slipway ports ${scope}`]);
    await database.query(
      `INSERT INTO port_reservations (scope, protocol, port_from, port_to, state, service, port_name, updated_at)
       VALUES ($1, 'tcp', $2, $2, 'reserved', 'bench', 'http', now())`,
      [scope, port],
    );
    await database.query('COMMIT');
  }
  const took = performance.now() - started;
  await database.query(`UPDATE port_reservations SET state = 'released' WHERE scope = $1`, [scope]);
  return took;
}
