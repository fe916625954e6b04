/** Who is doing what, from where, for as long as a call or a job lasts. Nobody hands it on: lib/audit-driver.ts tells the database at each write. */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface AuditActor {
  kind: 'person' | 'token' | 'job' | 'system';
  /** Row of `users`, where it is a person. */
  id?: string;
  name: string;
}

export interface AuditOrigin {
  actor: AuditActor;
  way: 'page' | 'api' | 'job' | 'webhook';
  /** What was called: `POST /api/v1/requests`, `cancel request`, a job's name. */
  operation: string;
  /** The same for a call and every job that comes of it; the log has it too. */
  correlationId: string;
  address?: string | undefined;
  userAgent?: string | undefined;
}

// Next may load a module more than once in one process; all of them must see the same origin.
const shared = globalThis as typeof globalThis & { slipwayAuditOrigin?: AsyncLocalStorage<AuditOrigin> };

function storage(): AsyncLocalStorage<AuditOrigin> {
  return (shared.slipwayAuditOrigin ??= new AsyncLocalStorage<AuditOrigin>());
}

/** Runs `body`; whatever it writes, and whatever it awaits, has this origin. */
export function withAuditOrigin<Result>(origin: AuditOrigin, body: () => Promise<Result>): Promise<Result> {
  // Awaited inside: Prisma's promises begin only when somebody waits for them.
  return storage().run(origin, async () => await body());
}

/** The origin of what runs now; undefined outside of any call or job. */
export function auditOrigin(): AuditOrigin | undefined {
  return storage().getStore();
}
