/** What imports found, kept: a finding is new until somebody accepts it, mended when it is gone, and new again when it comes back. */
import { requirePermission, type Actor } from '@/lib/auth/permissions';
import { db, type Database } from '@/lib/db';
import { ConflictError, NotFoundError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { PortFinding, Prisma } from '@/lib/generated/prisma/client';
import type { FoundFinding } from './drift';
import { findingStates, Remedy, type FindingState, type FindingView } from './views';

type Transaction = Prisma.TransactionClient;

/** Whose findings are compared: those of the files alone, those between main and the reservations, or those of the probes. */
export interface FindingScope {
  repository: string;
  branch: string;
  origin: 'files' | 'reservations' | 'probes';
}

/** What an edit that only moves lines leaves as it is. */
function keyOf({ kind, path, subject }: FoundFinding): string {
  return `${kind} ${path} ${subject}`;
}

/**
 * Brings the stored findings of one origin up to what was found now; what is doubtful keeps what stands, and begins nothing. Writes only what differs. Needs the lock of the branch's row (lockBranch).
 * @returns how many changed.
 */
export async function recordFindings(
  tx: Transaction,
  scope: FindingScope,
  found: readonly FoundFinding[],
): Promise<number> {
  const before = new Map((await tx.portFinding.findMany({ where: { ...scope } })).map((row) => [row.key, row]));
  const now = new Date();
  const seen = new Set<string>();
  let changed = 0;
  for (const finding of found) {
    const key = keyOf(finding);
    if (seen.has(key)) continue;
    seen.add(key);
    const row = before.get(key);
    if (finding.doubtful && (!row || row.state === 'mended')) continue;
    const words = { line: finding.line ?? null, message: finding.message, remedy: finding.remedy };
    if (!row) {
      await tx.portFinding.create({
        data: { ...scope, key, kind: finding.kind, path: finding.path, ...words, foundAt: now },
      });
    } else if (row.state === 'mended') {
      // It came back: what was accepted about it then was about something else.
      const again = { state: 'new', mendedAt: null, foundAt: now, ...notAccepted };
      await tx.portFinding.update({ where: { id: row.id }, data: { ...words, ...again } });
    } else if (differs(row, words)) {
      await tx.portFinding.update({ where: { id: row.id }, data: words });
    } else continue;
    changed += 1;
  }
  const gone = [...before.values()].filter((row) => row.state !== 'mended' && !seen.has(row.key));
  if (gone.length > 0)
    await tx.portFinding.updateMany({
      where: { id: { in: gone.map(({ id }) => id) } },
      data: { state: 'mended', mendedAt: now },
    });
  changed += gone.length;
  if (changed > 0) await announce(tx, 'ports');
  return changed;
}

const notAccepted = { acceptedBecause: null, acceptedBy: null, acceptedAt: null };

function differs(row: PortFinding, words: { line: number | null; message: string; remedy: Remedy }): boolean {
  const stored = Remedy.safeParse(row.remedy);
  const sameRemedy = stored.success && JSON.stringify(stored.data) === JSON.stringify(Remedy.parse(words.remedy));
  return row.line !== words.line || row.message !== words.message || !sameRemedy;
}

/** One import after the other: whoever has the branch's row writes its observations and findings. @returns the commit that was imported last. */
export async function lockBranch(
  tx: Transaction,
  { repository, branch }: Omit<FindingScope, 'origin'>,
): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ imported_sha: string | null }[]>`
    SELECT imported_sha FROM repository_heads WHERE repository = ${repository} AND branch = ${branch} FOR UPDATE`;
  return row?.imported_sha ?? undefined;
}

/** Whether a file that may have ports could not be read at the last import, accepted or not. */
export async function hasUnreadableFile(database: Database, where: Omit<FindingScope, 'origin'>): Promise<boolean> {
  const standing = { origin: 'files', kind: 'unreadable', state: { not: 'mended' } };
  return (await database.portFinding.count({ where: { ...where, ...standing } })) > 0;
}

/**
 * It is so and may stay so. Accepting twice keeps the first reason.
 * @throws NotAllowedError, NotFoundError; ConflictError where it is mended.
 */
export async function acceptFinding(id: string, reason: string, actor: Actor): Promise<void> {
  requirePermission(actor, 'ports.manage');
  const { count } = await db().portFinding.updateMany({
    where: { id, state: 'new' },
    data: { state: 'accepted', acceptedBecause: reason, acceptedBy: actor.name, acceptedAt: new Date() },
  });
  if (count > 0) return announce(db(), 'ports');
  const row = await db().portFinding.findUnique({ where: { id } });
  if (!row) throw new NotFoundError('There is no such finding. Load the page again.');
  if (row.state === 'mended') throw new ConflictError('It is mended already: there is nothing to accept.');
}

/** It should be mended after all. Done twice it is done once. @throws NotAllowedError, NotFoundError. */
export async function reopenFinding(id: string, actor: Actor): Promise<void> {
  requirePermission(actor, 'ports.manage');
  const { count } = await db().portFinding.updateMany({
    where: { id, state: 'accepted' },
    data: { state: 'new', ...notAccepted },
  });
  if (count > 0) return announce(db(), 'ports');
  if (!(await db().portFinding.findUnique({ where: { id } })))
    throw new NotFoundError('There is no such finding. Load the page again.');
}

/** How many there are in each state. */
export async function countFindings(
  where: Omit<FindingScope, 'origin'>,
  database: Database = db(),
): Promise<Record<FindingState, number>> {
  const groups = await database.portFinding.groupBy({ by: ['state'], where, _count: true });
  const countOf = (state: string) => groups.find((group) => group.state === state)?._count ?? 0;
  return { new: countOf('new'), accepted: countOf('accepted'), mended: countOf('mended') };
}

/** The findings of one state, by kind and place; what was mended last stands first. */
export async function listFindings(
  { state, ...where }: Omit<FindingScope, 'origin'> & { state: FindingState },
  database: Database = db(),
): Promise<FindingView[]> {
  const rows = await database.portFinding.findMany({
    where: { ...where, state },
    orderBy:
      state === 'mended'
        ? { mendedAt: 'desc' }
        : [{ origin: 'desc' }, { kind: 'asc' }, { path: 'asc' }, { line: 'asc' }],
    take: 500,
  });
  return rows.map(viewOf);
}

function viewOf(row: PortFinding): FindingView {
  return {
    id: row.id,
    kind: row.kind,
    path: row.path,
    line: row.line ?? undefined,
    message: row.message,
    remedy: Remedy.catch({ kind: 'edit' }).parse(row.remedy),
    state: findingStates.find((state) => state === row.state) ?? 'new',
    acceptedBecause: row.acceptedBecause ?? undefined,
    acceptedBy: row.acceptedBy ?? undefined,
    acceptedAt: row.acceptedAt?.toISOString(),
    mendedAt: row.mendedAt?.toISOString(),
    foundAt: row.foundAt.toISOString(),
  };
}
