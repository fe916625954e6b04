/** Runbook numbers that requests claim: a number belongs to one request at a time (unique index `runbook_claims_one_owner`). */
import { postgresCode, type Database } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import type { Prisma } from '@/lib/generated/prisma/client';
import { withSavepoint } from '@/lib/savepoint';

/** PostgreSQL: unique_violation. */
const UNIQUE_VIOLATION = '23505';

/**
 * A service that was removed or given back keeps its number, since old links point to it; it has it again when it comes back.
 * @throws ConflictError naming the request that has the number, with a link.
 */
export async function claimRunbookNumber(
  tx: Prisma.TransactionClient,
  requestId: number,
  number: number,
): Promise<void> {
  const { serviceName } = await tx.changeRequest.findUniqueOrThrow({
    where: { id: requestId },
    select: { serviceName: true },
  });
  const { count } = await tx.runbookClaim.updateMany({
    where: {
      ...{ number, releasedAt: null },
      request: { serviceName, OR: [{ supersededById: { not: null } }, { givenBackAt: { not: null } }] },
    },
    data: { requestId },
  });
  if (count > 0) return;
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

/** A change is in main: its service's number is the change's from now on. A number is never free again while its page is told of. */
export async function handRunbookNumberOn(
  tx: Prisma.TransactionClient,
  { from, to }: { from: number; to: number },
): Promise<void> {
  await tx.runbookClaim.updateMany({ where: { requestId: from, releasedAt: null }, data: { requestId: to } });
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
