'use client';
/** What Compose, Helm and shellcheck say of the change set, asked once for each change set that is ready. */
import { useQuery } from '@tanstack/react-query';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { DraftChecks } from '@/lib/workflows/check-draft';
import { call } from './api';

export type ToolChecks =
  | { kind: 'running' }
  | { kind: 'done'; checks: DraftChecks['checks']; rendered: DraftChecks['rendered'] }
  /** They run again before anything is pushed, so that this stands in nobody's way. */
  | { kind: 'unavailable' };

/** A draft, or the name of the service that is removed. */
export type AskedChecks = { content: DraftForm; changes: string | undefined } | { removes: string };

/** @param digest of the preview's change set; nothing is asked without one. */
export function useToolChecks(asked: AskedChecks, digest: string | undefined): ToolChecks | undefined {
  const query = useQuery({
    queryKey: ['tool-checks', digest],
    queryFn: ({ signal }) => call<DraftChecks>('POST', '/api/v1/checks', asked, { signal }),
    enabled: digest !== undefined,
    staleTime: Infinity,
    gcTime: 300_000,
    retry: 1,
  });
  if (digest === undefined) return undefined;
  if (query.isError) return { kind: 'unavailable' };
  // Main moved or a port went between the two questions: the preview is about to say so itself.
  if (!query.data || query.data.digest !== digest) return { kind: 'running' };
  return { kind: 'done', checks: query.data.checks, rendered: query.data.rendered };
}
