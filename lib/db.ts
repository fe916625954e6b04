/** The database: one Prisma client for each process, on node-postgres. Everything that writes does so through a domain or a workflow. */
import { AuditedPrismaPg } from '@/lib/audit-driver';
import { env } from '@/lib/env';
import { PrismaClient, type Prisma } from '@/lib/generated/prisma/client';

/** A client or the inside of a transaction: domain functions take either. */
export type Database = PrismaClient | Prisma.TransactionClient;

/**
 * How long a connection is waited for: a new one, or one that others have. Longer than any transaction waits for its own (LOCK_PATIENCE), or the pool would
 * refuse before: with hundreds of requests at once in a process that has no time to spare, five seconds were not enough to connect.
 */
const CONNECT_MS = 15_000;

/** @param url postgresql:// URL. @param poolSize connections at the most. */
export function createDatabase(url: string, poolSize = 10): PrismaClient {
  return new PrismaClient({
    adapter: new AuditedPrismaPg({ connectionString: url, max: poolSize, connectionTimeoutMillis: CONNECT_MS }),
  });
}

// Next reloads modules in development; the pool must not multiply.
const shared = globalThis as typeof globalThis & { slipwayDatabase?: PrismaClient };

/** The process's client, connected at the first query. */
export function db(): PrismaClient {
  shared.slipwayDatabase ??= createDatabase(env().databaseUrl);
  return shared.slipwayDatabase;
}

/**
 * PostgreSQL's own code for what went wrong (SQLSTATE, e.g. 23P01 exclusion violation, 23505 unique violation), wherever Prisma puts it.
 * @returns the code, or undefined where the error is not the database's.
 */
export function postgresCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, meta, cause } = error as { code?: unknown; meta?: unknown; cause?: unknown };
  const driver = (meta as { driverAdapterError?: { cause?: { originalCode?: unknown } } } | undefined)
    ?.driverAdapterError?.cause?.originalCode;
  if (typeof driver === 'string') return driver;
  const original = (cause as { originalCode?: unknown } | undefined)?.originalCode;
  if (typeof original === 'string') return original;
  if (code === 'P2002') return '23505';
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('P2') ? code : undefined;
}
