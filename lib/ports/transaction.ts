/**
 * The transactions that decide who gets a port. They stand in line at the host's lock anyway; in one process only two of them do so at a time, and the
 * others wait here, without a connection: many at once must not use up the pool and be refused for it.
 */
import type { Prisma } from '@/lib/generated/prisma/client';
import { retryingTransaction } from '@/lib/transactions';

/** One that works, and one that has begun its transaction and waits for the lock: so the lock is never idle between two of them. */
const AT_THE_LOCK = 2;

let atTheLock = 0;
const waiting: (() => void)[] = [];

/** Runs `body`, which takes the lock of its scopes, in its turn and in a transaction; again after a deadlock. */
export function portTransaction<Result>(body: (tx: Prisma.TransactionClient) => Promise<Result>): Promise<Result> {
  return inTurn(() => retryingTransaction(body, { maxWait: 10_000, timeout: 20_000 }));
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
