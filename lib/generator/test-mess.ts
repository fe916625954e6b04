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
function linesToFollow(text: string): number[] {
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
