/** What a page is told of a draft that others write too. Types, and the one rule over them. */
import type { DraftForm } from './draft-form';
import type { Json } from './patch';

/** Somebody's save of one field. */
export interface Writing {
  path: string;
  by: string;
  /** Written by the reader, in this tab or another. */
  you: boolean;
}

/** A draft as the server has it after a save, or when it is asked for. */
export interface SavedDraft {
  version: number;
  content: DraftForm;
  /** ISO time. */
  savedAt: string;
  /** Patches that were not applied, because somebody else wrote there first. */
  conflicts: { path: string; wanted?: Json; current?: Json; by?: string }[];
  /** What was written since the version that the asker had heard of, newest first. */
  others: Writing[];
  /** The request that was submitted from it and has not ended without a merge. */
  requestId?: number;
}

/** Whoever last wrote a field, something in it or what is around it. */
export function writerOf(path: string, writings: readonly Writing[]): Writing | undefined {
  return writings.find(
    (one) => one.path === path || one.path.startsWith(`${path}.`) || path.startsWith(`${one.path}.`),
  );
}
