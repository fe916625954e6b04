/** Runbook numbers that requests claim: a number belongs to one request at a time (unique index `runbook_claims_one_owner`). */
import { postgresCode, type Database } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import type { Prisma } from '@/lib/generated/prisma/client';
import { withSavepoint } from '@/lib/savepoint';

/** PostgreSQL: unique_violation. */
const UNIQUE_VIOLATION = '23505';

/** @throws ConflictError naming the request that has the number, with a link. */
export async function claimRunbookNumber(
  tx: Prisma.TransactionClient,
  requestId: number,
  number: number,
): Promise<void> {
  try {
    await withSavepoint(tx, () => tx.runbookClaim.create({ data: { number, requestId } }));
  } catch (error) {
    if (postgresCode(error) !== UNIQUE_VIOLATION) throw error;
    const claim = await tx.runbookClaim.findFirst({
      where: { number, releasedAt: null },
      select: { request: { select: { id: true, serviceName: true } } },
    });
    const owner = claim
      ? { label: `${claim.request.serviceName}, request ${claim.request.id}`, href: `/requests/${claim.request.id}` }
      : undefined;
    throw new ConflictError(
      `Runbook number ${number} belongs to ${owner?.label ?? 'another request'}. Look at the change again and submit once more.`,
      owner ? { owner } : {},
      { cause: error },
    );
  }
}

/** Numbers that requests of other services hold. */
export async function listClaimedNumbers(database: Database, exceptService: string): Promise<number[]> {
  const claims = await database.runbookClaim.findMany({
    where: { releasedAt: null, request: { serviceName: { not: exceptService } } },
    select: { number: true },
    orderBy: { number: 'asc' },
  });
  return claims.map((claim) => claim.number);
}

/** The request has this number alone: others that it claimed on the way are given back. */
export async function keepRunbookNumber(
  tx: Prisma.TransactionClient,
  requestId: number,
  number: number | undefined,
): Promise<void> {
  await tx.runbookClaim.updateMany({
    where: { requestId, releasedAt: null, ...(number === undefined ? {} : { number: { not: number } }) },
    data: { releasedAt: new Date() },
  });
}

/** Gives the request's number back. */
export async function releaseRunbookNumber(tx: Prisma.TransactionClient, requestId: number): Promise<void> {
  await tx.runbookClaim.updateMany({ where: { requestId, releasedAt: null }, data: { releasedAt: new Date() } });
}
