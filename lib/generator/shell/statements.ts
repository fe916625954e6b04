/** The statements of a shell script: what stands between two line breaks that end a command, and in which blocks it stands. */
import { lineEnd, lineStart } from '../yaml/lines';
import type { ShellToken } from './scan';

export type Word = Extract<ShellToken, { kind: 'word' }>;

/** What a statement stands in: only in a function's body or in `{ }` does every statement run once and in order. */
export type Enclosure = 'braces' | 'if' | 'loop' | 'case' | 'parentheses';

/** Whole lines with one command, a pipeline or a list of them; continued lines and here-documents belong to it. */
export interface Statement {
  /** Offset of its first line. */
  start: number;
  /** Offset behind its last line's break. */
  end: number;
  tokens: ShellToken[];
  words: Word[];
  /** From the outside in. */
  inside: Enclosure[];
  /** Whether it opens or closes a block itself: `if …; then`, `}`. */
  structural: boolean;
}

const OPENING: Readonly<Record<string, Enclosure>> = {
  '{': 'braces',
  if: 'if',
  for: 'loop',
  while: 'loop',
  until: 'loop',
  select: 'loop',
  case: 'case',
};
const CLOSING = new Set(['}', 'fi', 'done', 'esac']);
const LEADING = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '{', '!', 'time']);

/** The statements of a scanned script, in order. */
export function statementsOf(text: string, tokens: readonly ShellToken[]): Statement[] {
  const statements: Statement[] = [];
  const open: Enclosure[] = [];
  let arrays = 0;
  let current: ShellToken[] = [];
  let inside: Enclosure[] = [];
  let structural = false;
  let command = true;

  const finish = (): void => {
    const [first] = current;
    const last = current.at(-1);
    if (first && last && current.some((token) => token.kind !== 'comment'))
      statements.push({
        start: lineStart(text, first.start),
        end: lineEnd(text, Math.max(last.end - 1, first.start)),
        tokens: current,
        words: current.filter((token): token is Word => token.kind === 'word'),
        inside,
        structural,
      });
    current = [];
    structural = false;
    command = true;
    inside = [...open];
  };

  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    if (token.kind === 'newline' || token.kind === 'heredoc') {
      if (token.kind === 'heredoc') current.push(token);
      const continued = current.findLast((one) => one.kind !== 'comment');
      const goesOn = continued?.kind === 'operator' && /^(?:&&|\|\||\|&?)$/.test(continued.raw);
      if (arrays === 0 && !goesOn) finish();
      return;
    }
    current.push(token);
    if (token.kind === 'comment') return;
    if (token.kind === 'operator') {
      if (arrays > 0) arrays += token.raw === '(' ? 1 : token.raw === ')' ? -1 : 0;
      else if (token.raw === '(') {
        if (before?.kind === 'word' && before.end === token.start && before.raw.endsWith('=')) arrays = 1;
        else if (tokens[index + 1]?.raw !== ')') {
          open.push('parentheses');
          structural = true;
        }
      } else if (token.raw === ')' && open.at(-1) === 'parentheses') {
        open.pop();
        structural = true;
      }
      command = !/[<>]/.test(token.raw);
      return;
    }
    if (command && arrays === 0 && token.kind === 'word') {
      const kind = OPENING[token.raw];
      if (kind) open.push(kind);
      if (CLOSING.has(token.raw)) open.pop();
      if (kind || CLOSING.has(token.raw) || LEADING.has(token.raw)) structural = true;
      command = LEADING.has(token.raw);
    }
  });
  finish();
  return statements;
}
