/** Every port that main's files give to somebody, as it was imported last: with file and line, and allowed to contradict each other. */
import type { Prisma } from '@/lib/generated/prisma/client';
import type { PortRange } from '@/lib/services/port-range';
import type { ObservedPort } from './drift';

type Transaction = Prisma.TransactionClient;

/** Replaces what an earlier import wrote. Inside of the import's transaction, so that readers see one commit. */
export async function replaceObservations(
  tx: Transaction,
  where: { repository: string; branch: string },
  observations: readonly (ObservedPort & { internal?: PortRange | undefined })[],
): Promise<void> {
  await tx.portObservation.deleteMany({ where });
  await tx.portObservation.createMany({
    data: observations.map(({ source, service, protocol, range, internal, path, line }) => ({
      ...where,
      ...{ source, service, protocol, path },
      portFrom: range.from,
      portTo: range.to,
      internalFrom: internal?.from ?? null,
      internalTo: internal?.to ?? null,
      line: line ?? null,
    })),
  });
}

/** What was imported last, in the order of the files. */
export async function listObservations(
  tx: Transaction,
  where: { repository: string; branch: string },
): Promise<ObservedPort[]> {
  const rows = await tx.portObservation.findMany({ where, orderBy: { id: 'asc' } });
  return rows.map(({ source, service, protocol, portFrom, portTo, path, line }) => ({
    // The table's own check constraints allow no others.
    source: source === 'registry' || source === 'compose' ? source : 'traefik',
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    ...{ service, path, line: line ?? undefined },
    range: { from: portFrom, to: portTo },
  }));
}
