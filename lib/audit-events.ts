/** What the audit keeps beside changed rows, which the database notes by itself: signing in and out, asking again, taking the audit away as a file. */
import type { AuditAction, SubjectKind } from '@/lib/audit/views';
import { auditOrigin, type AuditActor } from '@/lib/audit-origin';
import { db, type Database } from '@/lib/db';
import { Prisma } from '@/lib/generated/prisma/client';

export interface AuditEvent {
  /** A word of its own: `created`, `changed` and `removed` are the database's. */
  action: Exclude<AuditAction, 'created' | 'changed' | 'removed'>;
  subject: { kind: SubjectKind; id: string };
  /** Only what somebody has to know later; strings that look like secrets are struck out by the database. */
  before?: Record<string, string | number | null> | undefined;
  after?: Record<string, string | number | null> | undefined;
  requestNumber?: number | undefined;
  service?: string | undefined;
  /** Where the origin does not know it yet: whoever is signing in. */
  actor?: AuditActor | undefined;
}

/** Writes an event with the origin of what runs now. Give the transaction of what it belongs to: both stand, or neither. */
export async function recordAudit(database: Database, event: AuditEvent): Promise<void> {
  const origin = auditOrigin();
  const actor = event.actor ?? origin?.actor ?? { kind: 'system', name: 'Slipway' };
  await database.auditEntry.create({
    data: {
      actorKind: actor.kind,
      actorId: actor.id ?? null,
      actorName: actor.name,
      way: origin?.way ?? 'database',
      operation: origin?.operation ?? null,
      action: event.action,
      subjectKind: event.subject.kind,
      subjectId: event.subject.id,
      service: event.service ?? null,
      requestNumber: event.requestNumber ?? null,
      before: event.before ?? Prisma.DbNull,
      after: event.after ?? Prisma.DbNull,
      address: origin?.address ?? null,
      userAgent: origin?.userAgent ?? null,
      correlationId: origin?.correlationId ?? null,
    },
    select: { id: true },
  });
}

/** The role that somebody had when they signed in last; undefined where they never did. */
export async function lastRoleSeen(userId: string, database: Database = db()): Promise<string | undefined> {
  const entry = await database.auditEntry.findFirst({
    where: { subjectKind: 'user', subjectId: userId, action: 'signed in' },
    orderBy: { id: 'desc' },
    select: { after: true },
  });
  const role = (entry?.after as { role?: unknown } | null)?.role;
  return typeof role === 'string' ? role : undefined;
}
