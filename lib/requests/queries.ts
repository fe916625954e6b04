/** What pages, API and command line read of requests. Everybody who is signed in may read them (`requests.read`). */
import { db, type Database } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';
import { NotFoundError } from '@/lib/errors';
import { isServiceLive } from './live';
import { openStates, type RequestState } from './states';
import { filesOf, StoredPlan } from './stored';
import { summaryOf, summarySelect } from './summary';
import { detailsInclude, detailsOf } from './details';
import type { RequestDetails, RequestFile, RequestPage, ReviewItem } from './views';

export interface ListRequestsOptions {
  states?: readonly RequestState[];
  /** Id of a user: only this person's requests. */
  mine?: string;
  /** Only those that wait for an operator. */
  waitingForReview?: boolean;
  /** Only of this service. */
  serviceName?: string;
  /** 50 where absent, 200 at the most. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: number;
}

/** Newest first. */
export async function listRequests(options: ListRequestsOptions = {}, database: Database = db()): Promise<RequestPage> {
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200);
  const states = options.waitingForReview ? (['in_review'] as const) : options.states;
  const where: Prisma.ChangeRequestWhereInput = {
    ...(states ? { state: { in: [...states] } } : {}),
    ...(options.waitingForReview ? { cancelAskedAt: null } : {}),
    ...(options.mine ? { requesterId: options.mine } : {}),
    ...(options.serviceName ? { serviceName: options.serviceName } : {}),
    ...(options.cursor ? { id: { lt: options.cursor } } : {}),
  };
  const rows = await database.changeRequest.findMany({
    where,
    select: summarySelect,
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const requests = rows.slice(0, limit).map(summaryOf);
  return { requests, nextCursor: rows.length > limit ? requests.at(-1)?.id : undefined };
}

/**
 * Everything that the request page shows.
 * @throws NotFoundError
 */
export async function getRequest(id: number, database: Database = db()): Promise<RequestDetails> {
  const row = await findById(id, (safe) =>
    database.changeRequest.findUnique({ where: { id: safe }, include: detailsInclude }),
  );
  return detailsOf(row, await isServiceLive(database, row.repository, row.serviceName));
}

/**
 * The change set's files with their bytes, base to result: the same that the preview showed and that the pull request has.
 * @throws NotFoundError
 */
export async function getRequestFiles(id: number, database: Database = db()): Promise<RequestFile[]> {
  const row = await findById(id, (safe) =>
    database.changeRequest.findUnique({ where: { id: safe }, select: { plan: true } }),
  );
  return filesOf(StoredPlan.parse(row.plan));
}

/** How many requests are not at their end, for the navigation. */
export async function countOpen(database: Database = db()): Promise<number> {
  return database.changeRequest.count({ where: { state: { in: [...openStates] } } });
}

/** What waits for an operator, oldest first. */
export async function listReviewQueue(database: Database = db()): Promise<ReviewItem[]> {
  const rows = await database.changeRequest.findMany({
    where: { state: 'in_review', cancelAskedAt: null },
    select: { ...summarySelect, manifest: true, plan: true },
    orderBy: { id: 'asc' },
    take: 200,
  });
  const now = Date.now();
  return rows.map((row) => {
    const files = filesOf(StoredPlan.parse(row.plan));
    const summary = summaryOf(row);
    const manifest = row.manifest as { owner?: unknown };
    return {
      ...summary,
      owner: typeof manifest.owner === 'string' ? manifest.owner : '',
      waitingSeconds: Math.max(0, Math.round((now - Date.parse(summary.reviewSince ?? summary.createdAt)) / 1000)),
      files: files.length,
      added: files.reduce((sum, file) => sum + file.added, 0),
    };
  });
}

/** Ids come from URLs: what is no id of PostgreSQL's is not found either. */
async function findById<Row>(id: number, read: (id: number) => Promise<Row | null>): Promise<Row> {
  const row = Number.isInteger(id) && id > 0 && id < 2 ** 31 ? await read(id) : null;
  if (!row) throw new NotFoundError(`There is no request ${id}. See the list of requests.`);
  return row;
}
