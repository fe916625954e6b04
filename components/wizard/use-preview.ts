'use client';
/** Asks for the pull request as it would be, a moment after the last keystroke; older questions are dropped, the last answer stays until the next. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { Preview } from '@/lib/wizard/preview';
import { call, Refused } from './api';

const PAUSE_MS = 150;
/** Main may move and ports may go while nobody types. */
const AGAIN_MS = 20_000;

/**
 * @param draft its id, and the live service that it changes.
 * @returns the newest answer, whether it is for an older content, and what stands in the way of a newer one.
 */
export function usePreview(content: DraftForm, { id, changes }: { id: string; changes: string | undefined }) {
  const text = JSON.stringify(content);
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const query = useQuery({
    queryKey: ['preview', id, asked],
    queryFn: ({ signal }) =>
      call<Preview>('POST', '/api/v1/preview', { content: JSON.parse(asked) as DraftForm, changes }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
    gcTime: 60_000,
    retry: (count, error) =>
      count < 3 && (!(error instanceof Refused) || error.problem.status === 0 || error.problem.status >= 500),
  });
  return {
    preview: query.data,
    stale: asked !== text || query.isPlaceholderData,
    problem: query.error instanceof Refused ? query.error.problem : undefined,
    refresh: query.refetch,
  };
}
