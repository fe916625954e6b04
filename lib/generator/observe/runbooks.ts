/**
 * The runbooks of a platform repository: its files, and the numbers that files, headings and catalog rows claim. Real folders have gaps, numbers
 * given twice, files without a number, and catalog rows for pages that nobody wrote.
 */
import type { Profile } from '../profile';
import type { Place, Tree } from '../types';

export interface ObservedRunbook {
  /** Absent where the file's name has none. */
  number?: number;
  slug: string;
  path: string;
  title: string;
  place: Place;
  /** The day the page says it was written, `YYYY-MM-DD`. */
  date?: string;
}

const NUMBERED = /^runbook-(\d{1,5})(?:[-_ ](.*))?$/i;
const CLAIM = /\bRUNBOOK-(\d{1,5})\b/gi;

/** The Markdown files of the runbook folder, as they name themselves, in the order of their paths. */
export function observeRunbooks(tree: Tree, profile: Profile): ObservedRunbook[] {
  const folder = profile.runbooks?.folder.replace(/\/+$/, '');
  if (folder === undefined) return [];
  return tree.paths
    .filter(
      (path) => path.startsWith(`${folder}/`) && /\.md$/i.test(path) && !/^(readme|index)\.md$/i.test(baseName(path)),
    )
    .map((path) => {
      const name = baseName(path).replace(/\.md$/i, '');
      const numbered = NUMBERED.exec(name);
      const text = tree.read(path) ?? '';
      const lines = text.split('\n');
      const index = lines.findIndex((line) => /^\ufeff?#\s/.test(line));
      const heading = (lines[index] ?? '').replace(/^\ufeff?#\s+/, '').trim();
      const date = /^\|\s*Written\s*\|\s*(\d{4}-\d{2}-\d{2})\s*\|\s*$/m.exec(text)?.[1];
      return {
        ...(numbered?.[1] ? { number: Number(numbered[1]) } : {}),
        slug: numbered ? (numbered[2] ?? '') : name,
        path,
        title: heading.replace(/^RUNBOOK-\d+\s*[:.–—-]\s*/i, '') || name,
        place: { path, line: index + 1 || 1 },
        ...(date ? { date } : {}),
      };
    });
}

/** Every number that is spoken for, ascending: by a file's name, by a file's heading, or by a table row of the catalog or the index. */
export function takenRunbookNumbers(tree: Tree, profile: Profile): number[] {
  const taken = new Set<number>();
  for (const runbook of observeRunbooks(tree, profile)) {
    if (runbook.number !== undefined) taken.add(runbook.number);
    const heading = tree.read(runbook.path)?.split('\n')[(runbook.place.line ?? 1) - 1] ?? '';
    for (const claim of heading.matchAll(CLAIM)) taken.add(Number(claim[1]));
  }
  for (const path of [profile.runbooks?.catalog, profile.runbooks?.architectureIndex]) {
    const text = path === undefined ? undefined : tree.read(path);
    for (const line of text?.split('\n') ?? [])
      if (/^\s*[|*-]/.test(line)) for (const claim of line.matchAll(CLAIM)) taken.add(Number(claim[1]));
  }
  return [...taken].sort((a, b) => a - b);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
