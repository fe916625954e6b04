/** A service that a live request stands for and the catalog has lost: somebody took it out of main by hand. What it was, and what is kept for it. */
import { db, type Database } from '@/lib/db';
import { env } from '@/lib/env';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { hasUnreadableFile } from '@/lib/ports/findings';
import { findLiveRequest } from '@/lib/requests/live';
import { actionNamed, openStates, requestTitle } from '@/lib/requests/states';
import { storedManifest } from '@/lib/requests/stored';
import { claimWords, readClaims } from './request-claims';
import { findAddition } from './request-row';

export interface LostService {
  name: string;
  purpose: string;
  branch: string;
  /** The request that added it, and who asked for that. */
  added: { id: number; by: string };
  /** The request that stood for it last: the addition itself, or a change. */
  live: { id: number; since: string | undefined };
  /** What nobody else may have until it is given back, as people write it. */
  kept: { ports: string[]; hosts: string[] };
  /** Whether the findings of the ports tell of it; not while a request explains it, or a file that may have it cannot be read. */
  isTold: boolean;
  /** Whether a file of the branch cannot be read, that may have it. */
  isUnread: boolean;
  /** The request that is under way for it. */
  underWay: { id: number; title: string } | undefined;
}

/**
 * What the service page shows in the catalog's place. It reads the commit that was imported last, as the catalog does. Everybody who is signed in may read it
 * (`services.read`), as the catalog.
 * @returns undefined where the catalog has the service, or no live request stands for it.
 */
export async function findLostService(name: string, database: Database = db()): Promise<LostService | undefined> {
  const { fullName, baseBranch } = env().github;
  const live = await findLiveRequest(database, fullName, name);
  if (!live || (await database.service.count({ where: { name } })) > 0) return undefined;
  const where = { repository: fullName, branch: baseBranch };
  const [added, claims, told, isUnread, open] = await Promise.all([
    readAdded(database, live),
    readClaims(database, live.id),
    database.portFinding.count({
      where: {
        ...{ ...where, kind: 'gone-from-main', state: { not: 'mended' } },
        remedy: { path: ['service'], equals: name },
      },
    }),
    hasUnreadableFile(database, where),
    database.changeRequest.findFirst({
      where: { repository: fullName, serviceName: name, state: { in: [...openStates] } },
      select: { id: true, action: true },
    }),
  ]);
  return {
    name,
    purpose: storedManifest(live.manifest).purpose,
    branch: baseBranch,
    added,
    live: { id: live.id, since: live.liveAt?.toISOString() },
    kept: claimWords(claims),
    isTold: told > 0,
    isUnread,
    underWay: open ? { id: open.id, title: requestTitle(actionNamed(open.action), name) } : undefined,
  };
}

async function readAdded(database: Database, live: ChangeRequest): Promise<LostService['added']> {
  const { id, requesterId } = await findAddition(live, database);
  const { name } = await database.user.findUniqueOrThrow({ where: { id: requesterId }, select: { name: true } });
  return { id, by: name };
}
