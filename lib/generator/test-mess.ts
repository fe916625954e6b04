/** What people do to files between two plans: lines anywhere outside a service's blocks. For property tests. */
import fc from 'fast-check';
import { visit } from 'yaml';
import { diffLines } from './line-diff';
import { splitLines } from './yaml/lines';
import { parseYaml } from './yaml/parse';

/** Comments to put behind lines of a file, by number of the line modulo those that may take one. */
export type Mess = { at: number; text: string }[];

export const arbitraryMess: fc.Arbitrary<Mess> = fc.array(
  fc.record({
    at: fc.nat(),
    text: fc.constantFrom('# remark', '  # remark', '      # - "1:1"', '# ==== BANNER ====', ''),
  }),
  { maxLength: 20 },
);

/**
 * Adds lines between those of `before` that stand side by side in `after` too, never in what was added, nor next to it: there a remark is the
 * service's or its neighbour's, and both are right.
 * @returns the text, and the lines with words that are to be left when the addition is taken out again.
 */
export function addLines(before: string, after: string, mess: Mess): { text: string; kept: string[] } {
  const free = linesToFollow(after);
  const lines: { text: string; added: boolean }[] = diffLines(before, after).flatMap(({ kind, lines: own }) =>
    own.map((text) => ({ text, added: kind === 'added' })),
  );
  const near = (index: number) => lines.slice(Math.max(0, index - 3), index + 5).some((line) => line.added);
  const places = free.filter((index) => !near(index));
  const behind = new Map<number, string[]>();
  const newline = after.includes('\r\n') ? '\r\n' : '\n';
  for (const { at, text } of mess) {
    const place = places[at % places.length];
    if (place !== undefined) behind.set(place, [...(behind.get(place) ?? []), `${text}${newline}`]);
  }
  const all = lines.flatMap((line, index) => [
    line,
    ...(behind.get(index) ?? []).map((text) => ({ text, added: false })),
  ]);
  return {
    text: all.map((line) => line.text).join(''),
    kept: all.filter((line) => !line.added && line.text.trim() !== '').map((line) => line.text.replace(/\r?\n$/, '')),
  };
}

/** The lines with words, without their ends. */
export function textLines(text: string): string[] {
  return splitLines(text)
    .filter((line) => line.trim() !== '')
    .map((line) => line.replace(/\r?\n$/, ''));
}

/** Indexes of the lines that another may follow: not within a text of several lines. */
export function linesToFollow(text: string): number[] {
  const parsed = parseYaml(text, 'text');
  if (!parsed.ok) throw new Error(parsed.refusal.reason);
  const taken = new Set<number>();
  visit(parsed.yaml.document, {
    Scalar: (_, { range }) => {
      if (range)
        for (let line = parsed.yaml.lineOf(range[0]); line < parsed.yaml.lineOf(range[1]); line++) taken.add(line);
    },
  });
  return splitLines(text).flatMap((line, index) => (line.endsWith('\n') && !taken.has(index + 1) ? [index] : []));
}

/** Remarks within a service's own blocks, by number of the added line modulo how many there are: above it, or behind it on the line. */
export type Remarks = { at: number; behind: boolean }[];

export const arbitraryRemarks: fc.Arbitrary<Remarks> = fc.uniqueArray(
  fc.record({ at: fc.nat(500), behind: fc.boolean() }),
  { minLength: 1, maxLength: 6, selector: (one) => one.at },
);

/** `after` with remarks in what it has more than `before`; {@link withoutRemarks} takes them out again. */
export function addRemarks(before: string, after: string, remarks: Remarks): string {
  const inner = innerLines(before, after);
  if (inner.length === 0) return after;
  const lines = splitLines(after);
  remarks.forEach(({ at, behind }, number) => {
    const index = inner[at % inner.length] ?? 0;
    const line = lines[index] ?? '';
    const [, indent = '', words = '', end = ''] = /^(\s*)(.*?)(\r?\n?)$/s.exec(line) ?? [];
    if (/ # by hand/.test(line)) return;
    lines[index] = behind ? `${indent}${words} # by hand ${number}${end}` : `${indent}# by hand ${number}${end}${line}`;
  });
  return lines.join('');
}

export function withoutRemarks(text: string): string {
  return text.replace(/^[ \t]*# by hand \d+\r?\n/gm, '').replace(/ # by hand \d+/g, '');
}

/** Indexes of the added lines but the first of each stretch, which a remark above would not be within. */
function innerLines(before: string, after: string): number[] {
  let index = 0;
  const found: number[] = [];
  for (const { kind, lines } of diffLines(before, after)) {
    if (kind === 'removed') continue;
    lines.forEach((line, position) => {
      const first = position === 0 || lines[position - 1]?.trim() === '';
      if (kind === 'added' && !first && line.trim() !== '' && line.endsWith('\n')) found.push(index + position);
    });
    index += lines.length;
  }
  return found;
}
