/** Where among the registrations a new one stands: under its stack's heading, beside those of its own kind, else behind the last. */
import { commentsAbove, isBanner } from '../../yaml/gap';
import { lineStart, readLine, type Line } from '../../yaml/lines';

/** A registration that is there: whole lines. */
export interface Registered {
  start: number;
  end: number;
  /** How near it is to the new one; 0 for no relation. */
  nearness: number;
}

export interface Standing {
  /** Index of the registration to stand behind. */
  after: number;
  /** A heading to write first, at the end of all: the headings name stacks, and there is none for this one. */
  heading?: string;
}

/**
 * The place among registrations, which are in the order of the file.
 * @param kinds the names that headings go by on this platform: stacks and categories.
 * @param own those of the new service, the stack first.
 */
export function standingFor(
  text: string,
  items: readonly Registered[],
  kinds: readonly string[],
  own: readonly string[],
): Standing {
  const headings = items.map((item, index) => headingAbove(text, item.start, items[index - 1]?.end ?? 0, kinds));
  const groups: (string | undefined)[] = [];
  headings.forEach((heading, index) => groups.push(heading?.words ?? groups[index - 1]));
  const named = own.find((name) => groups.includes(name));
  const known = new Set(groups);
  const byKind = [...known].filter((group) => group !== undefined && kinds.includes(group));
  const byStacks = byKind.length * 2 > known.size;
  const among = items.map((item, index) => {
    const group = groups[index];
    // Under another stack's heading even a relative is not among its kind.
    const foreign = byStacks && group !== undefined && kinds.includes(group) && !own.includes(group);
    return {
      index,
      score: (named !== undefined && group === named ? 100 : 0) + (foreign ? 0 : item.nearness),
    };
  });
  const best = among.reduce((one, other) => (other.score >= one.score ? other : one), { index: -1, score: 0 });
  const [stack] = own;
  const last = headings.findLast((heading) => heading !== undefined);
  if (best.score === 0 && last && stack !== undefined && byStacks)
    return { after: items.length - 1, heading: likeHeading(last.text, last.words, stack) };
  return { after: best.index === -1 ? items.length - 1 : best.index };
}

/**
 * The heading right above a registration that stands alone under it; undefined where there is none, or another registration follows below it.
 * @returns the offset of the heading's line.
 */
export function loneHeading(
  text: string,
  items: readonly Registered[],
  index: number,
  kinds: readonly string[],
  stack: string,
): number | undefined {
  const item = items[index];
  if (!item) return undefined;
  const own = headingAbove(text, item.start, items[index - 1]?.end ?? 0, kinds);
  const next = items[index + 1];
  const alone = !next || headingAbove(text, next.start, item.end, kinds) !== undefined;
  return own?.words === stack && alone && own.end === item.start ? own.start : undefined;
}

interface Heading {
  text: string;
  words: string;
  start: number;
  end: number;
}

/** The last comment above a place that is a banner, or that names a stack or a category and nothing else. */
function headingAbove(text: string, position: number, from: number, kinds: readonly string[]): Heading | undefined {
  let found: Heading | undefined;
  const start = Math.max(commentsAbove(text, position), lineStart(text, from));
  for (let at = start; at < position;) {
    const line = readLine(text, at);
    at = line.end;
    if (line.kind !== 'comment') continue;
    const words = wordsOf(text, line);
    if (words !== '' && (isBanner(text, [line]) || kinds.includes(words)))
      found = { text: text.slice(line.start, line.end).replace(/\r?\n$/, ''), words, start: line.start, end: line.end };
  }
  return found;
}

function wordsOf(text: string, line: Line): string {
  return text
    .slice(line.start, line.end)
    .replace(/^[\s#]*[=\-*~─━═_+|#\s]*|[=\-*~─━═_+|#\s]*$/g, '')
    .toLowerCase();
}

/** A heading in another one's form; a rule behind its words that runs to a fixed column still does. */
function likeHeading(text: string, words: string, stack: string): string {
  const at = text.toLowerCase().indexOf(words);
  const rule = /([=\-*~─━═_+#])\1{7,}$/.exec(text)?.[0] ?? '';
  const written = text.slice(0, at) + stack + text.slice(at + words.length);
  if (rule === '') return written;
  return (
    written.slice(0, -rule.length) + (rule[0] ?? '').repeat(Math.max(3, rule.length + words.length - stack.length))
  );
}
