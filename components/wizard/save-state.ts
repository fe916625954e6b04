/** What the saves of a draft have come to, as the page shows it. */
import type { Problem } from '@/lib/http/problem';

export type SaveState =
  | { status: 'untouched' }
  | { status: 'saving' }
  | { status: 'saved'; at: number }
  /** Somebody else's save came in; `by` is undefined for one's own from another tab. */
  | { status: 'heard'; at: number; by: string | undefined }
  /** `owner` is who has what was refused, with a link: the request that the draft was submitted as. */
  | { status: 'failed'; message: string; kind: FailureKind; owner: Problem['owner'] };

/**
 * What a save that failed comes to: a sign-in, another try by itself (`offline`), words to change first (`refused`), a role to be given first (`not-allowed`), or the
 * end of this tab's work (`over`). The words stay in the form and in the tab's storage, whichever it is.
 */
export type FailureKind = 'signed-out' | 'offline' | 'refused' | 'not-allowed' | 'over';

/** Whether nothing of this tab is saved any more: no choice and no word changes that. */
export const isOver = (state: SaveState): boolean => state.status === 'failed' && state.kind === 'over';

/** @param status of the answer; 0 where there was none. */
export function failureOf(status: number): FailureKind {
  if (status === 401) return 'signed-out';
  if (status === 403) return 'not-allowed';
  if (status === 404 || status === 409) return 'over';
  // Too slow and too many are no judgement on the words.
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status) ? 'refused' : 'offline';
}
