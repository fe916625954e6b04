/** Whether somebody took back what a merge had made of main's files, whatever else was edited in them since. */
import { mergeLines } from '@/lib/generator/merge-lines';
import type { FileChange, Tree } from '@/lib/generator/types';

type Files = Pick<Tree, 'paths' | 'read'>;
type Edit = Pick<FileChange, 'path' | 'before' | 'after'>;

/**
 * What is left of one file's edit: it `stands`, or a part of it does; it is `reversed`: its lines are as before it; or somebody made others of the very lines,
 * moved the file or made it unreadable, so that it says nothing of the edit.
 */
type Remains = 'stands' | 'reversed' | 'edited';

/**
 * Whether `now` has edits of the plan reversed and none of them standing: one that was reversed in part stands, as an addition does of which main has a part.
 * @param merged main at the merge: what a reviewer had left out of the branch is nothing that could be undone.
 */
export function isUndone(edits: readonly Edit[], merged: Files, now: Files): boolean {
  const made = edits.filter((edit) => remainsOf(edit, merged) !== 'reversed');
  const remains = made.map((edit) => remainsOf(edit, now));
  return remains.includes('reversed') && !remains.includes('stands');
}

function remainsOf({ path, before, after }: Edit, files: Files): Remains {
  const isThere = files.paths.includes(path);
  if (before === null) return isThere ? 'stands' : 'reversed';
  if (after === null) return isThere ? 'reversed' : 'stands';
  const present = files.read(path);
  if (present === undefined) return 'edited';
  // A merge of the edit's reverse: what it would still take out stands, and where it has nothing to do somebody was there before.
  const { text, conflicts } = mergeLines(after, present, before);
  if (text !== present) return 'stands';
  return conflicts.length > 0 ? 'edited' : 'reversed';
}
