/** What somebody should mend about ports and the files that have them: written at each import, and again whenever reservations changed. */
import { requirePermission, type Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';
import { isOwnName } from '@/lib/generator/emitters/taken-ports';
import { observeFindings } from '@/lib/generator/observe/findings';
import { observePorts } from '@/lib/generator/observe/ports';
import { unreadable } from '@/lib/generator/observe/read-yaml';
import { overlay } from '@/lib/generator/overlay';
import { profilePath } from '@/lib/generator/profile';
import type { Finding } from '@/lib/generator/types';
import { findDrift, findUnpublished, type FoundFinding } from '@/lib/ports/drift';
import { hasUnreadableFile, lockBranch, recordFindings } from '@/lib/ports/findings';
import { listLastRead, replaceLastRead } from '@/lib/ports/last-read';
import { listObservations, replaceObservations } from '@/lib/ports/observations';
import { listProbed, listTaken } from '@/lib/ports/queries';
import { findSilence } from '@/lib/ports/silence';
import { enqueue } from '@/lib/queue/enqueue';
import { listChangesUnderWay, listLiveServices } from '@/lib/requests/live';
import { listServicesInMain } from '@/lib/services/queries';
import { retryingTransaction } from '@/lib/transactions';
import { repositoryAt, type Repository } from './read-repository';

type Transaction = Prisma.TransactionClient;

/** How long after a merge its reservations may still be on their way to what main says: an import, with GitHub asked to wait. */
const SETTLING_MS = 10 * 60_000;

/**
 * Writes what this commit of main shows: its observations, and what is wrong with them. Inside of the import's transaction, which has the branch's row.
 * @param lastRead what the files that cannot be read said last (see readLast): it stands in for them, so that nothing seems to be gone or mended meanwhile.
 */
export async function importPorts(
  tx: Transaction,
  repository: Repository,
  lastRead: ReadonlyMap<string, string>,
): Promise<void> {
  const { profile } = repository;
  const where = importedBranch(repository);
  await replaceLastRead(tx, where, lastRead);
  const tree = lastRead.size === 0 ? repository.tree : overlay(repository.tree, lastRead);
  const observations = observePorts(tree, profile);
  await replaceObservations(tx, where, observations);
  const seen = [...unreadableFiles(repository), ...observeFindings(tree, profile)];
  const faults = seen.map(({ kind, path, line, subject, message }): FoundFinding => ({
    ...{ kind, path, line, subject: subject ?? message, message },
    remedy: { kind: 'edit' },
  }));
  await recordFindings(tx, { ...where, origin: 'files' }, [...faults, ...findUnpublished(observations)]);
  await recordDrift(tx, repository);
}

/**
 * What each file of main that cannot be read said when it could be. Outside of the import's transaction: GitHub may be asked.
 * @param before the commit that was imported last; null before the first import.
 * @throws UpstreamError where GitHub has to say what that commit had, and does not.
 */
export async function readLast(repository: Repository, before: string | null): Promise<ReadonlyMap<string, string>> {
  const paths = unreadableFiles(repository).map(({ path }) => path);
  const there = paths.filter((path) => repository.tree.paths.includes(path));
  if (there.length === 0) return new Map();
  const known = await listLastRead(db(), importedBranch(repository));
  const unknown = there.filter((path) => !known.has(path));
  const earlier = before === null || unknown.length === 0 ? undefined : (await repositoryAt(before)).tree;
  return new Map(
    there.flatMap((path) => {
      const text = known.get(path) ?? (earlier && !unreadable(earlier, path) ? earlier.read(path) : undefined);
      return text === undefined ? [] : [[path, text] as const];
    }),
  );
}

function unreadableFiles({ tree, profile }: Repository): Finding[] {
  return observeFindings(tree, profile).filter(({ kind }) => kind === 'unreadable');
}

/** Compares the reservations as they are now with what was imported last. Before the first import there is nothing to compare. */
export async function refreshPortFindings(repository: Repository): Promise<void> {
  await retryingTransaction(async (tx) => {
    const imported = await lockBranch(tx, importedBranch(repository));
    if (imported !== undefined) await recordDrift(tx, repository);
  });
}

/** Asks a worker to read main now, without waiting for a webhook or the minute. @throws NotAllowedError. */
export async function askForImport(actor: Actor): Promise<void> {
  requirePermission(actor, 'ports.manage');
  await enqueue(db(), 'sync-repository', {}, { key: 'sync-repository' });
}

async function recordDrift(tx: Transaction, repository: Repository): Promise<void> {
  const { profile, fullName } = repository;
  const where = importedBranch(repository);
  const inMain = await listServicesInMain(tx);
  const live = await listLiveServices(tx, fullName);
  const underWay = await listChangesUnderWay(tx, fullName);
  const files = {
    observations: await listObservations(tx, where),
    registry: profile.ports?.registry ?? profilePath,
    isOwn: (seen: string, service: string) => isOwnName(seen, service, profile),
  };
  const drift = findDrift({
    ...files,
    reservations: await listTaken(tx, profile.platform.host),
    live: live.map((one) => ({ ...one, inMain: inMain.has(one.service) })),
    underWay: underWay.map(({ mergedAt, ...one }) => ({
      ...one,
      settling: mergedAt !== undefined && Date.now() - mergedAt.getTime() < SETTLING_MS,
    })),
    unreadable: await hasUnreadableFile(tx, where),
  });
  await recordFindings(tx, { ...where, origin: 'reservations' }, drift);
  const silence = findSilence({
    ...files,
    host: profile.platform.host,
    probed: await listProbed(tx, profile.platform.host),
  });
  await recordFindings(tx, { ...where, origin: 'probes' }, silence);
}

function importedBranch({ fullName, branch }: Repository): { repository: string; branch: string } {
  return { repository: fullName, branch };
}
