/**
 * The transactions that write port rows. They stand in line at the host's lock anyway; in one process only two of them do so at a time, and the
 * others wait here, without a connection: many at once must not use up the pool and be refused for it.
 */
import { LOCK_PATIENCE, retryingTransaction } from '@/lib/transactions';
import { lockPorts, type OnExpired, type PortHosts, type PortTransaction } from './lock';

/** One that works, and one that has begun its transaction and waits for the lock: so the lock is never idle between two of them. */
const AT_THE_LOCK = 2;

let atTheLock = 0;
const waiting: (() => void)[] = [];

/**
 * Runs `body` in its turn and in a transaction that has the lock of these host machines and has ended what was overdue there; again after a deadlock.
 * @param onExpired fails the requests whose leases were over.
 */
export function portTransaction<Result>(
  hosts: PortHosts,
  onExpired: OnExpired,
  body: (ports: PortTransaction) => Promise<Result>,
): Promise<Result> {
  return inTurn(() => retryingTransaction(async (tx) => body(await lockPorts(tx, hosts, onExpired)), LOCK_PATIENCE));
}

/** Runs `work`, which stands at the lock once, in its turn. */
export async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (atTheLock >= AT_THE_LOCK) await new Promise<void>((go) => waiting.push(go));
  else atTheLock += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else atTheLock -= 1;
  }
}
