/** A part of a transaction that may fail without taking the rest with it: PostgreSQL refuses every statement after an error otherwise. */
import type { Prisma } from '@/lib/generated/prisma/client';

/** Runs `body`; if it throws, the transaction stands as it did before, and the error is passed on. */
export async function withSavepoint<Result>(
  tx: Prisma.TransactionClient,
  body: () => Promise<Result>,
): Promise<Result> {
  await tx.$executeRaw`SAVEPOINT part`;
  try {
    const result = await body();
    await tx.$executeRaw`RELEASE SAVEPOINT part`;
    return result;
  } catch (error) {
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT part`;
    await tx.$executeRaw`RELEASE SAVEPOINT part`;
    throw error;
  }
}
