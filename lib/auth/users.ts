/** Whoever has signed in, so that drafts and requests have an owner; and that they signed in and out, with which role. */
import { randomUUID } from 'node:crypto';
import { lastRoleSeen, recordAudit } from '@/lib/audit-events';
import { auditOrigin, withAuditOrigin, type AuditActor } from '@/lib/audit-origin';
import { db } from '@/lib/db';
import type { Role } from '@/lib/env';

/** Notes that somebody signed in, and the role that their groups give. @returns the id of their row, the same at every sign-in. */
export async function rememberUser(user: {
  issuer: string;
  subject: string;
  name: string;
  email?: string | undefined;
  role: Role;
}): Promise<string> {
  const { issuer, subject, name, role } = user;
  const email = user.email ?? null;
  const where = { issuer_subject: { issuer, subject } };
  const known = await db().user.findUnique({ where, select: { id: true } });
  const newId = known?.id ?? randomUUID();
  const actor: AuditActor = { kind: 'person', id: newId, name };
  return asSomebody(actor, () =>
    db().$transaction(async (tx) => {
      const { id } = await tx.user.upsert({
        where,
        create: { id: newId, issuer, subject, name, email },
        update: { name, email, lastSeenAt: new Date() },
        select: { id: true },
      });
      const before = await lastRoleSeen(id, tx);
      await recordAudit(tx, {
        action: 'signed in',
        subject: { kind: 'user', id },
        ...(before === undefined || before === role ? {} : { before: { role: before } }),
        after: { role },
        actor: { ...actor, id },
      });
      return id;
    }),
  );
}

/** Notes that whoever asks signs out. */
export async function rememberSignOut(): Promise<void> {
  const id = auditOrigin()?.actor.id;
  if (id !== undefined) await recordAudit(db(), { action: 'signed out', subject: { kind: 'user', id } });
}

/** Signing in makes somebody out of nobody: from here on the call is theirs. */
function asSomebody<Result>(actor: AuditActor, body: () => Promise<Result>): Promise<Result> {
  const origin = auditOrigin();
  return origin ? withAuditOrigin({ ...origin, actor }, body) : body();
}
