/** The files as other people may have left them before a service comes: blank lines and remarks, other line endings, no line break at the end. For property tests. */
import fc from 'fast-check';
import { parseHcl } from './hcl/parse';
import { linesToFollow } from './test-mess';
import { parseShell } from './shell/script';
import { splitLines } from './yaml/lines';

export interface Muddle {
  crlf: boolean;
  /** Whether the file ends with a line break. */
  final: boolean;
  /** Lines to put behind others, by number of the line modulo those that another may follow. */
  lines: { at: number; blank: boolean; text: number }[];
}

export const arbitraryMuddle: fc.Arbitrary<Muddle> = fc.record({
  crlf: fc.boolean(),
  final: fc.boolean(),
  lines: fc.array(fc.record({ at: fc.nat(), blank: fc.boolean(), text: fc.nat(20) }), { maxLength: 20 }),
});

/** What may be written into a file of a kind, and behind which of its lines. */
interface Kind {
  files: RegExp;
  remarks: readonly string[];
  blanks: readonly string[];
  /** Whether the file's readers take CRLF: the shell does not. */
  crlf: boolean;
  free(text: string): number[];
}

const kinds: readonly Kind[] = [
  {
    files: /\.ya?ml$/,
    remarks: ['# remark', '  # remark', '      # - "1:1"', '# ==== BANNER ====', '  # --- x ---'],
    blanks: ['', '    '],
    crlf: true,
    free: linesToFollow,
  },
  {
    files: /\.sh$/,
    remarks: ['# remark', '  # remark', '# ---- a banner ----'],
    blanks: ['', '  '],
    crlf: false,
    free: linesBetweenStatements,
  },
  {
    // A blank line within a table would end it.
    files: /\.md$/,
    remarks: ['<!-- a remark -->'],
    blanks: [''],
    crlf: true,
    free: (text) => splitLines(text).flatMap((line, index) => (line.trim() === '' ? [index] : [])),
  },
  {
    files: /\.(?:conf|hcl)$/,
    remarks: ['# remark', '  // remark', '/* ---- a banner ---- */'],
    blanks: ['', '  '],
    crlf: true,
    free: (text) => linesThatTake(text, '# remark\n', (more) => parseHcl(more).ok),
  },
  {
    files: /\.json$/,
    remarks: [''],
    blanks: ['', '  '],
    crlf: true,
    free: (text) => splitLines(text).flatMap((line, index) => (line.endsWith('\n') ? [index] : [])),
  },
];

/** The text of the file at `path`, muddled. @throws for a kind of file that it knows nothing of. */
export function muddle(path: string, text: string, { crlf, final, lines }: Muddle): string {
  const kind = kinds.find(({ files }) => files.test(path));
  if (!kind) throw new Error(`${path}: how do people muddle such a file?`);
  const plain = text.replaceAll('\r\n', '\n');
  const all = splitLines(plain);
  const free = freeLines(kind, plain);
  for (const { at, blank, text: which } of lines) {
    const words = blank ? kind.blanks : kind.remarks;
    const place = free[at % free.length];
    if (place !== undefined) all[place] += `${words[which % words.length] ?? ''}\n`;
  }
  const joined = all.join('').replace(/\n*$/, final ? '\n' : '');
  return crlf && kind.crlf ? joined.replaceAll('\n', '\r\n') : joined;
}

const known = new Map<string, number[]>();

/** Read once for each file. */
function freeLines(kind: Kind, text: string): number[] {
  const free = known.get(text) ?? kind.free(text);
  known.set(text, free);
  return free;
}

/** Lines of a script that another may follow: behind a backslash it would belong to the command. */
function linesBetweenStatements(text: string): number[] {
  const lines = splitLines(text);
  return linesThatTake(text, '# remark\n', (more) => parseShell(more).ok).filter(
    (index) => !lines[index]?.endsWith('\\\n'),
  );
}

/** Lines behind which the text with a remark still parses. */
function linesThatTake(text: string, remark: string, parses: (more: string) => boolean): number[] {
  const lines = splitLines(text);
  return lines.flatMap((line, index) => {
    const more = [...lines.slice(0, index + 1), remark, ...lines.slice(index + 1)].join('');
    return line.endsWith('\n') && parses(more) ? [index] : [];
  });
}
