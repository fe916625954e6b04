/** Which requests the list shows, as it stands in the URL. Pure. */
import type { RequestState } from '@/lib/requests/states';

export const requestFilters = ['all', 'mine', 'waiting', 'failed', 'done'] as const;
export type RequestFilter = (typeof requestFilters)[number];

export interface RequestView {
  /** The list, or what waits for an operator. */
  view: 'list' | 'review';
  filter: RequestFilter;
  cursor: number | undefined;
}

type SearchParams = Record<string, string | string[] | undefined>;

/** Reads `?filter=mine&cursor=120` and `?view=review`; what it does not know counts for nothing. */
export function parseRequestView(params: SearchParams): RequestView {
  const cursor = Number(params.cursor);
  // Ids are PostgreSQL integers.
  const most = 2 ** 31 - 1;
  return {
    view: params.view === 'review' ? 'review' : 'list',
    filter: requestFilters.find((filter) => filter === params.filter) ?? 'all',
    cursor: Number.isSafeInteger(cursor) && cursor > 0 && cursor <= most ? cursor : undefined,
  };
}

/** The address of a filter, or of its next page. */
export function requestsHref(filter: RequestFilter, cursor?: number): string {
  const params = new URLSearchParams();
  if (filter !== 'all') params.set('filter', filter);
  if (cursor !== undefined) params.set('cursor', String(cursor));
  const query = params.toString();
  return query === '' ? '/requests' : `/requests?${query}`;
}

/** States that a filter lets through; undefined lets all through. */
export function statesOf(filter: RequestFilter): readonly RequestState[] | undefined {
  switch (filter) {
    case 'waiting':
      return ['submitted', 'checking', 'opening', 'in_review', 'merged'];
    case 'failed':
      return ['failed'];
    case 'done':
      return ['live', 'closed', 'cancelled'];
    default:
      return undefined;
  }
}
