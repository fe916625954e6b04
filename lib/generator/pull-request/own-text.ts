/**
 * Slipway's own part of a pull request's body, found again among what people wrote around it. The part ends in a comment, which GitHub does not show, with
 * its length and hash: whether it is still as it was written is told by the body alone, whatever else changed since, in the database or of the process.
 */
import { createHash } from 'node:crypto';

/** GitHub refuses a body of more characters. */
export const LONGEST_BODY = 65_536;

const MARK = /\n\n<!-- slipway:text (\d{1,6}) ([0-9a-f]{64}) ([01]*) -->/g;
/** A task of a list, up to its box. */
const TASK = /^([ \t]*- \[)([ xX])(\] .*)$/gm;

/** @returns the text with the mark by which it is found again. */
export function markOwnText(text: string): string {
  const own = plain(text);
  const ticks = tasksOf(own).map(({ ticked }) => (ticked ? '1' : '0'));
  return `${own}\n\n<!-- slipway:text ${own.length} ${hashOf(own)} ${ticks.join('')} -->\n`;
}

/**
 * Replaces the last of our own parts by another one. Ticking a task is no edit: whoever ticked or unticked one finds it so where the new text has it too.
 * @param present the body as it is.
 * @param text the new text, without a mark.
 * @returns the whole body; undefined where it holds no part that is as it was written.
 */
export function replaceOwnText(present: string, text: string): string | undefined {
  const body = plain(present);
  const marks = [...body.matchAll(MARK)];
  for (const [index, mark] of [...marks.entries()].reverse()) {
    const [whole, length = '', hash = '', ticks = ''] = mark;
    const from = mark.index - Number(length);
    // Ours has no mark within it. Anybody may write marks: none takes in what stands above another one, and no text is hashed twice.
    if (from < endOf(marks[index - 1])) continue;
    const own = body.slice(from, mark.index);
    if (hashOf(own) !== hash) continue;
    const next = markOwnText(text).trimEnd();
    // The mark holds the ticks that are ours: those of people are set when it is made.
    const ticked = withTicks(next, tickedByPeople(own, ticks));
    return `${body.slice(0, from)}${ticked}${body.slice(mark.index + whole.length)}\n`;
  }
  return undefined;
}

const endOf = (mark: RegExpExecArray | undefined) => (mark ? mark.index + mark[0].length : 0);

/** GitHub gives back what it was given, but for line ends and the ends of the text. */
export function plain(text: string): string {
  return text.replace(/\r\n/g, '\n').trim();
}

/** Not of the ticks. */
function hashOf(text: string): string {
  return createHash('sha256').update(text.replace(TASK, '$1 $3')).digest('hex');
}

function tasksOf(text: string): { line: string; ticked: boolean }[] {
  return [...text.matchAll(TASK)].map(([, , box, line = '']) => ({ line, ticked: box !== ' ' }));
}

/** The tasks whose tick is not as we wrote it, and how it is. */
function tickedByPeople(own: string, ticks: string): Map<string, boolean> {
  const tasks = tasksOf(own).filter(({ ticked }, index) => ticked !== (ticks.charAt(index) === '1'));
  return new Map(tasks.map(({ line, ticked }) => [line, ticked]));
}

function withTicks(text: string, ticks: ReadonlyMap<string, boolean>): string {
  return text.replace(TASK, (_task, before: string, box: string, line: string) => {
    const ticked = ticks.get(line);
    return `${before}${ticked === undefined ? box : ticked ? 'x' : ' '}${line}`;
  });
}
