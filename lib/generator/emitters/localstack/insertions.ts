/** Where in an init script the new calls and the functions they need are put, and how they are set apart there. */
import type { ShellStatement } from '../../shell/script';
import type { EmitContext, FileEdit } from '../../types';
import { lineStart, readLine } from '../../yaml/lines';
import type { NewCall } from './calls';
import { neighbourCall } from './groups';
import { helperFor, type Helper, type HelperKind } from './helper-functions';
import type { InitScript, StoredCall, StoredKind } from './init-script';

/** A place between two statements. */
interface Position {
  offset: number;
  /**
   * Behind a statement; in front of one that ends the text without a line break, since a line behind it would change it; or in front of what closes
   * the script.
   */
  side: 'behind' | 'in-front' | 'closing';
  /** White space in front of the statements there. */
  margin: string;
  /** Function whose body it is in. */
  inside?: string;
}

export interface Wanted {
  secrets: readonly NewCall[];
  parameters: readonly NewCall[];
  messaging: readonly NewCall[];
}

/** The edits that add the calls; helper functions stand once, with the script's own functions or above the first call that needs them. */
export function insertCalls(
  script: InitScript,
  context: EmitContext,
  names: readonly string[],
  wanted: Wanted,
): FileEdit[] {
  const secretPlace = positionOf(script, neighbourCall(script, context, names)) ?? closing(script);
  const parameterPlace = lastOf(script, ['parameter'], true) ?? secretPlace;
  const messagingPlace =
    lastOf(script, ['queue', 'topic']) ?? lastOf(script, ['parameter', 'secret']) ?? closing(script);
  const blocks = [
    { calls: wanted.secrets, at: secretPlace, spaced: areSpaced(script, 'secret'), apart: false },
    {
      calls: wanted.parameters,
      at: parameterPlace,
      spaced: areSpaced(script, 'parameter'),
      apart: parameterPlace === secretPlace,
    },
    { calls: wanted.messaging, at: messagingPlace, spaced: false, apart: true },
  ].filter((block) => block.calls.length > 0);
  const helpers = missingHelpers(blocks.flatMap((block) => block.calls));
  const splice = (offset: number, text: string): FileEdit => ({
    kind: 'splice',
    path: script.path,
    start: offset,
    end: offset,
    text,
  });
  const edits: FileEdit[] = [];
  const first = blocks
    .filter((block) => block.calls.some((call) => call.helpers.length > 0))
    .sort((a, b) => a.at.offset - b.at.offset)[0];
  if (first && helpers.length > 0) {
    const home = helperHome(script, first.at);
    const texts = helpers.map((helper) => helper.text ?? '');
    edits.push(splice(home.offset, framed(script, home, texts, true)));
    first.apart ||= home === first.at;
  }
  for (const { calls, at, spaced, apart } of blocks) {
    const texts = calls.map((call) => call.text);
    edits.push(splice(at.offset, framed(script, at, spaced ? texts : [texts.join('')], spaced || apart)));
  }
  return edits;
}

function missingHelpers(calls: readonly NewCall[]): Helper[] {
  const missing = new Map<HelperKind, Helper>();
  for (const helper of calls.flatMap((call) => call.helpers))
    if (helper.text !== undefined) missing.set(helper.kind, helper);
  return [...missing.values()];
}

/** The paragraphs as they stand at a place: at its margin, with a blank line between them and what is there where they are set apart. */
function framed({ text }: InitScript, place: Position, paragraphs: readonly string[], apart: boolean): string {
  const indented = paragraphs.map((paragraph) => paragraph.replace(/^(?=.)/gm, place.margin));
  const { offset, side } = place;
  if (side === 'behind') return indented.map((paragraph) => `${apart ? '\n' : ''}${paragraph}`).join('');
  if (side === 'in-front') return indented.map((paragraph) => `${paragraph}${apart ? '\n' : ''}`).join('');
  const isApart = offset === 0 || /\n\n$/.test(text.slice(0, offset));
  return `${isApart ? '' : '\n'}${indented.join(apart ? '\n' : '')}${isApart ? '\n' : ''}`;
}

function behind({ text }: InitScript, statement: ShellStatement, inside?: string): Position {
  const start = lineStart(text, statement.start);
  const margin = text.slice(start, statement.start);
  const isLast = statement.lineEnd === text.length && !text.endsWith('\n');
  return {
    offset: isLast ? aboveComments(text, start) : statement.lineEnd,
    side: isLast ? 'in-front' : 'behind',
    margin: /\S/.test(margin) ? '' : margin,
    ...(inside === undefined ? {} : { inside }),
  };
}

/** The start of the comment on what begins at an offset; a comment that the whole script begins with is not on that alone. */
function aboveComments(text: string, start: number): number {
  let offset = start;
  while (offset > 0) {
    const line = readLine(text, lineStart(text, offset - 1));
    if (line.kind !== 'comment') return offset;
    offset = line.start;
  }
  return start;
}

function positionOf(script: InitScript, call: StoredCall | undefined): Position | undefined {
  return call && behind(script, call.statement, call.inside);
}

/** Behind the last call of these kinds; behind loops only where they may be. */
function lastOf(script: InitScript, kinds: readonly StoredKind[], plainOnly = false): Position | undefined {
  return positionOf(
    script,
    script.calls.findLast((call) => kinds.includes(call.kind) && (!plainOnly || call.statement.kind === 'commands')),
  );
}

/** In front of the statements that close the script (echo, exit) and the comments on them; at its end where there are none. */
function closing(script: InitScript): Position {
  const { statements, text } = script;
  const isLast = (statement: ShellStatement) =>
    statement.kind === 'commands' &&
    statement.commands.every((command) => /^(?:echo|printf|exit|log|info|touch)$/.test(command.words[0]?.raw ?? ''));
  let at = statements.length;
  while (at > 0 && isLast(statements[at - 1] as ShellStatement)) at -= 1;
  const next = statements[at];
  const last = statements[at - 1];
  if (!next && last) return behind(script, last);
  if (!next) return { offset: text.length, side: 'behind', margin: '' };
  let offset = lineStart(text, next.start);
  while (last && offset > last.lineEnd) {
    const line = readLine(text, lineStart(text, offset - 1));
    if (line.kind !== 'comment') break;
    offset = line.start;
  }
  return { offset, side: 'closing', margin: '' };
}

/** Behind the last function of the script's own kind, else just above where the first call stands. */
function helperHome(script: InitScript, first: Position): Position {
  const makers = new Set([
    ...script.functions.map((one) => one.name),
    ...(['secret', 'parameter', 'random', 'queue'] as const).flatMap((kind) => {
      const helper = helperFor(kind, script);
      return helper.text === undefined ? [helper.name] : [];
    }),
  ]);
  const last = script.statements.findLast(
    (statement) =>
      statement.kind === 'function' && makers.has(statement.name ?? '') && statement.lineEnd <= first.offset,
  );
  if (last) return behind(script, last);
  if (first.inside === undefined) return first;
  const index = script.statements.findIndex((statement) => statement.name === first.inside);
  const before = script.statements[index - 1];
  if (before) return behind(script, before);
  return { offset: lineStart(script.text, script.statements[index]?.start ?? 0), side: 'in-front', margin: '' };
}

/** Whether the script's calls of a kind have blank lines between them. */
function areSpaced(script: InitScript, kind: StoredKind): boolean {
  const calls = script.calls.filter((call) => call.kind === kind && call.statement.kind === 'commands');
  const gaps = calls.slice(1).flatMap((call, index) => {
    const gap = script.text.slice(calls[index]?.statement.lineEnd ?? 0, call.statement.start);
    return gap.includes('#') || calls[index]?.inside !== call.inside ? [] : [gap.includes('\n')];
  });
  const spaced = gaps.filter(Boolean).length;
  if (gaps.length > 0) return spaced * 2 > gaps.length;
  return calls.some((call) => script.text.slice(call.statement.start, call.statement.end).includes('\n'));
}
