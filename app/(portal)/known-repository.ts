/** Main for pages that only show it: where GitHub cannot be asked and nothing is known yet, the page stands without it and says why. */
import { cache } from 'react';
import { isSlipwayError } from '@/lib/errors';
import { currentRepository, type Repository } from '@/lib/workflows/read-repository';

export type KnownRepository = { kind: 'known'; repository: Repository } | { kind: 'unknown'; reason: string };

/** Asked at most once for each page. Faults that we do not know of are thrown. */
export const knownRepository = cache(async (): Promise<KnownRepository> => {
  try {
    return { kind: 'known', repository: await currentRepository() };
  } catch (error) {
    if (isSlipwayError(error)) return { kind: 'unknown', reason: error.publicMessage };
    throw error;
  }
});

/** For the waterline. */
export function mainFact(known: KnownRepository): { branch: string; sha: string; readAt: string } | undefined {
  if (known.kind === 'unknown') return undefined;
  const { branch, sha, readAt } = known.repository;
  return { branch, sha, readAt: readAt.toISOString() };
}
