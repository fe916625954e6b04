/** Whoever has signed in, so that drafts and requests have an owner. */
import { db } from '@/lib/db';

/** Notes that somebody signed in. @returns the id of their row, the same at every sign-in. */
export async function rememberUser(user: {
  issuer: string;
  subject: string;
  name: string;
  email?: string | undefined;
}): Promise<string> {
  const { issuer, subject, name } = user;
  const email = user.email ?? null;
  const row = await db().user.upsert({
    where: { issuer_subject: { issuer, subject } },
    create: { issuer, subject, name, email },
    update: { name, email, lastSeenAt: new Date() },
    select: { id: true },
  });
  return row.id;
}
