/** What is read of the audit (`audit.read`). Newest first, page by page from the last entry seen, so that no page gets slower than the first. */
import { db, type Database } from '@/lib/db';
import type { AuditEntry, Prisma } from '@/lib/generated/prisma/client';
import type { AuditEntryView, AuditFilter, AuditPage } from './views';

const PAGE = 50;
/** How many entries an export reads at a time. */
const EXPORT_PAGE = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** @param limit 50 where absent, 1000 at the most. */
export async function listAudit(filter: AuditFilter = {}, limit = PAGE, database: Database = db()): Promise<AuditPage> {
  const most = Math.min(Math.max(limit, 1), EXPORT_PAGE);
  const rows = await database.auditEntry.findMany({
    where: whereOf(filter),
    omit: { haystack: true },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: most + 1,
  });
  const last = rows[most - 1];
  const nextCursor = rows.length > most && last ? `${last.at.getTime()}_${last.id}` : undefined;
  return { entries: rows.slice(0, most).map(viewOf), nextCursor };
}

/** Everything that the filter finds, newest first; read as it is taken, however much it is. */
export async function* exportAudit(filter: AuditFilter, database: Database = db()): AsyncGenerator<AuditEntryView> {
  let cursor = filter.cursor;
  do {
    const page = await listAudit({ ...filter, ...(cursor === undefined ? {} : { cursor }) }, EXPORT_PAGE, database);
    yield* page.entries;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function whereOf(filter: AuditFilter): Prisma.AuditEntryWhereInput {
  const { who, kind, what, did, on, from, to, q, cursor } = filter;
  const conditions: Prisma.AuditEntryWhereInput[] = [
    ...(who ? [{ actorName: { contains: literal(who), mode: 'insensitive' as const } }] : []),
    ...(kind ? [{ actorKind: kind }] : []),
    ...(what ? [{ subjectKind: what }] : []),
    ...(did ? [{ action: did }] : []),
    ...(on ? [about(on)] : []),
    ...(from ? [{ at: { gte: new Date(from) } }] : []),
    ...(to ? [{ at: { lt: endOf(to) } }] : []),
    ...(q ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => ({ haystack: { contains: literal(word) } })),
    ...(cursor ? [olderThan(cursor)] : []),
  ];
  return { AND: conditions };
}

/** A number is a request's, a port's or a runbook's; everything else a service or part of a subject's name. */
function about(on: string): Prisma.AuditEntryWhereInput {
  const number = Number(on);
  if (!/^\d+$/.test(on) || number >= 2 ** 31) {
    return { OR: [{ service: on }, { subjectId: { contains: literal(on), mode: 'insensitive' } }] };
  }
  return { OR: [{ requestNumber: number }, { subjectId: on }, { subjectId: { startsWith: `${on} ` } }] };
}

/** Prisma leaves LIKE's own signs as they are: `_` would stand for any character. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** A day counts whole; a moment is the end itself. */
function endOf(to: string): Date {
  return new Date(Date.parse(to) + (to.includes('T') ? 0 : DAY_MS));
}

function olderThan(cursor: string): Prisma.AuditEntryWhereInput {
  const [milliseconds = '', id = ''] = cursor.split('_');
  const at = new Date(Number(milliseconds));
  return { at: { lte: at }, OR: [{ at: { lt: at } }, { id: { lt: BigInt(id) } }] };
}

function viewOf(row: Omit<AuditEntry, 'haystack'>): AuditEntryView {
  return {
    id: row.id.toString(),
    at: row.at.toISOString(),
    actor: { kind: row.actorKind, id: row.actorId ?? undefined, name: row.actorName },
    way: row.way,
    operation: row.operation ?? undefined,
    action: row.action,
    subject: { kind: row.subjectKind, id: row.subjectId },
    service: row.service ?? undefined,
    requestNumber: row.requestNumber ?? undefined,
    before: fieldsOf(row.before),
    after: fieldsOf(row.after),
    address: row.address ?? undefined,
    userAgent: row.userAgent ?? undefined,
    correlationId: row.correlationId ?? undefined,
  };
}

function fieldsOf(value: Prisma.JsonValue): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
