/** A file's change as a page shows it: hunks of numbered lines with a little around them, and where in the file each stands. */
import { createHash } from 'node:crypto';
import { countLines, diffFile } from './line-diff';
import type { CommitKey, FileChange, PlannedCommit } from './types';

const CONTEXT = 4;

export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  /** Without its line end. */
  text: string;
  /** Number in the old file; absent for an added line. */
  oldLine?: number;
  /** Number in the new file; absent for a removed line. */
  newLine?: number;
}

export interface DiffHunk {
  /** The nearest line above that is less indented, as a sign of where this is: `services:`. */
  heading: string | undefined;
  lines: DiffLine[];
}

export interface DiffFile {
  path: string;
  isNew: boolean;
  isDeleted: boolean;
  added: number;
  removed: number;
  /** The first commit that touches it. */
  commit: CommitKey;
  hunks: DiffHunk[];
  /** sha-256 (hex) of the file as it will be committed: what stands on GitHub can be held against it. Undefined where it is deleted. */
  sha256: string | undefined;
  /** Whether the file, as it will be committed, ends without a newline. */
  noFinalNewline: boolean;
}

/** @param commits in order, to say which one a file belongs to. */
export function viewFile(file: FileChange, commits: readonly PlannedCommit[]): DiffFile {
  const changes = diffFile(file);
  const rows: DiffLine[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (const { kind, lines } of changes) {
    for (const line of lines) {
      const row: DiffLine = { kind, text: line.replace(/\r?\n$/, '') };
      if (kind !== 'added') row.oldLine = oldLine++;
      if (kind !== 'removed') row.newLine = newLine++;
      rows.push(row);
    }
  }
  const commit = commits.find((candidate) => candidate.files.some(({ path }) => path === file.path))?.key ?? 'docs';
  return {
    path: file.path,
    isNew: file.before === null,
    isDeleted: file.after === null,
    ...countLines(changes),
    commit,
    hunks: hunksOf(rows),
    sha256: file.after === null ? undefined : createHash('sha256').update(file.after, 'utf8').digest('hex'),
    noFinalNewline: file.after !== null && !file.after.endsWith('\n'),
  };
}

function hunksOf(rows: readonly DiffLine[]): DiffHunk[] {
  const wanted = new Set<number>();
  rows.forEach((row, index) => {
    if (row.kind === 'same') return;
    for (let near = Math.max(0, index - CONTEXT); near <= Math.min(rows.length - 1, index + CONTEXT); near += 1)
      wanted.add(near);
  });
  const hunks: DiffHunk[] = [];
  let previous = -2;
  for (const index of [...wanted].sort((a, b) => a - b)) {
    const row = rows[index];
    if (!row) continue;
    if (index !== previous + 1) hunks.push({ heading: headingAbove(rows, index), lines: [] });
    hunks.at(-1)?.lines.push(row);
    previous = index;
  }
  return hunks;
}

const indentOf = (text: string) => text.length - text.trimStart().length;

/** The nearest line above with text, less indented than the first line shown and no comment. */
function headingAbove(rows: readonly DiffLine[], index: number): string | undefined {
  const first = rows[index]?.text ?? '';
  const limit = first.trim() === '' ? Infinity : indentOf(first);
  for (let above = index - 1; above >= 0; above -= 1) {
    const text = rows[above]?.text ?? '';
    if (text.trim() !== '' && !text.trimStart().startsWith('#') && indentOf(text) < limit) return text.trim();
  }
  return undefined;
}
