/**
 * The next free ports of a pool, reserved by hand. The database's function `reserve_next_ports` does it while it has the host's lock; those who wait in one
 * process go to it together, in one transaction, so that hundreds who ask at once cost hardly more than a few.
 */
import { auditOrigin } from '@/lib/audit-origin';
import { db } from '@/lib/db';
import { overlaps, type PortRange } from '@/lib/services/port-range';
import { retrying } from '@/lib/transactions';
import type { Pool, SeenPort } from './strip';
import { inTurn } from './transaction';

/** So many go together at most: whoever waits for the lock meanwhile waits for all of them. */
const MOST_TOGETHER = 50;

export interface NextPortsWish {
  /** The host machine that publishes the port. */
  scope: string;
  protocol: 'tcp' | 'udp';
  pool: Pool;
  /** So many in a row. */
  size: number;
  /** Every port that a file gives to somebody. */
  seen: readonly SeenPort[];
  service: string;
  portName: string;
  by: string;
  reason: string;
  /** With `asked`, the question in words: the key comes once. */
  idempotencyKey: string | null;
  asked: string | null;
}

/** `overdue`: a lease has to be ended first. `full`: the pool has no such ports. Nothing is written then. */
export interface NextPorts {
  outcome: 'reserved' | 'overdue' | 'full';
  reservation: string | null;
  firstPort: number | null;
}

interface Waiting {
  scope: string;
  /** The columns of the question, as `ask` names them. */
  question: Record<string, string | number | null>;
  answer: (ports: NextPorts) => void;
  refuse: (error: unknown) => void;
}

const waiting: Waiting[] = [];

/**
 * Each gets other ports than all others, in the order in which they ask.
 * @throws what PostgreSQL says where the key of this wish is used already (unique_violation); nothing is reserved for it then.
 */
export function nextPorts(wish: NextPortsWish): Promise<NextPorts> {
  return new Promise((answer, refuse) => {
    waiting.push({ scope: wish.scope, question: questionOf(wish), answer, refuse });
    // Whoever has the next turn takes all who wait by then, so that those after it may find nobody.
    inTurn(serveWaiting).catch(refuse);
  });
}

function questionOf(wish: NextPortsWish): Waiting['question'] {
  const { scope, protocol, pool, size, service, portName, by, reason, idempotencyKey, asked } = wish;
  const inPool = wish.seen.map(({ range }) => range).filter((range) => overlaps(range, pool));
  const origin = auditOrigin();
  return {
    ...{
      host: scope,
      protocol,
      pool: pool.name,
      pool_from: pool.from,
      pool_to: pool.to,
      size,
      seen: multirange(inPool),
    },
    ...{ service, port_name: portName, by_whom: by, because: reason, key: idempotencyKey, asked },
    // Of whom this wish is, who need not be the one whose turn it is.
    audit: origin ? JSON.stringify(origin) : null,
  };
}

/** As PostgreSQL writes an int4multirange. */
function multirange(ranges: readonly PortRange[]): string {
  return `{${ranges.map(({ from, to }) => `[${from},${to}]`).join(',')}}`;
}

async function serveWaiting(): Promise<void> {
  const together = takeWaiting();
  const [first, ...others] = together;
  if (!first) return;
  try {
    await serve(together);
  } catch (error) {
    if (others.length === 0) return first.refuse(error);
    // Nothing was written for anybody: whoever is refused is found by asking for each alone.
    for (const one of together) await serve([one]).catch(one.refuse);
  }
}

/** The first that wait for one host: a transaction has one lock. */
function takeWaiting(): Waiting[] {
  const [first] = waiting;
  const together = waiting.filter(({ scope }) => scope === first?.scope).slice(0, MOST_TOGETHER);
  for (const one of together) waiting.splice(waiting.indexOf(one), 1);
  return together;
}

async function serve(together: readonly Waiting[]): Promise<void> {
  const wishes = JSON.stringify(together.map(({ question }, place) => ({ place, ...question })));
  // One call of the function after the other: each sees what those before it wrote.
  const rows = await retrying(
    () => db().$queryRaw<(NextPorts & { place: number })[]>`
      SELECT wish.place, next.outcome, next.reservation::text, next.first_port AS "firstPort"
        FROM (SELECT * FROM jsonb_to_recordset(${wishes}::jsonb) AS wishes(
                place integer, host text, protocol text, pool text, pool_from integer, pool_to integer, size integer, seen text,
                service text, port_name text, by_whom text, because text, key text, asked text, audit text)
               ORDER BY place) AS wish
       CROSS JOIN LATERAL reserve_next_ports(
                wish.host, wish.protocol, wish.pool, wish.pool_from, wish.pool_to, wish.size, wish.seen::int4multirange,
                wish.service, wish.port_name, wish.by_whom, wish.because, wish.key, wish.asked, wish.audit) AS next`,
  );
  const answers = new Map(rows.map(({ place, ...ports }) => [place, ports]));
  for (const [place, one] of together.entries()) {
    const ports = answers.get(place);
    if (ports) one.answer(ports);
    else one.refuse(new Error('PostgreSQL gave no answer about the next ports'));
  }
}
