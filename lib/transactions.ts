/** Transactions that are tried again where PostgreSQL ended one of two for the other's sake: nothing of it was written, and the second try finds its way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { db, postgresCode } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';
import { log } from '@/lib/log';

/** PostgreSQL: serialization_failure, deadlock_detected. */
const RETRYABLE = new Set(['40001', '40P01']);
/** Prisma's own name for both, where it keeps PostgreSQL's to itself. */
const PRISMA_CONFLICT = 'P2034';
const TRIES = 5;

/**
 * How long a transaction waits to begin, and how long it may take, in milliseconds, where it stands in line for the lock of a host's ports: of many that ask at
 * once the last one waits for all others.
 */
export const LOCK_PATIENCE = { maxWait: 10_000, timeout: 20_000 };

/**
 * Runs `body` in a transaction, again (up to five times) where it ended in a deadlock or could not be serialized. `body` may run more than once, so it
 * does nothing but read and write in `tx`.
 */
export function retryingTransaction<Result>(
  body: (tx: Prisma.TransactionClient) => Promise<Result>,
  options: { maxWait?: number; timeout?: number } = {},
): Promise<Result> {
  return retrying(() => db().$transaction(body, options));
}

/** Runs `work`, one statement or one transaction, again where it ended in a deadlock or could not be serialized: nothing of it was written then. */
export async function retrying<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES || !isRetryable(error)) throw error;
      log('database').info({ attempt, code: postgresCode(error) }, 'a transaction is tried again');
      // The other one has committed by then, most likely.
      await sleep(10 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

function isRetryable(error: unknown): boolean {
  const code = postgresCode(error);
  if (code !== undefined && RETRYABLE.has(code)) return true;
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === PRISMA_CONFLICT;
}
