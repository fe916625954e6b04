/** What the files of main that cannot be read now said when they could be read last. */
import type { Database } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';

interface Branch {
  repository: string;
  branch: string;
}

/** Their texts by path, as the last import left them. */
export async function listLastRead(database: Database, where: Branch): Promise<Map<string, string>> {
  const rows = await database.unreadableFile.findMany({ where });
  return new Map(rows.map(({ path, lastRead }) => [path, lastRead]));
}

/** Keeps these and no others. Needs the lock of the branch's row (lockBranch). */
export async function replaceLastRead(
  tx: Prisma.TransactionClient,
  where: Branch,
  texts: ReadonlyMap<string, string>,
): Promise<void> {
  await tx.unreadableFile.deleteMany({ where });
  await tx.unreadableFile.createMany({
    data: [...texts].map(([path, lastRead]) => ({ ...where, path, lastRead })),
  });
}
