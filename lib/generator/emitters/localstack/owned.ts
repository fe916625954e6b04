/** What of a service stands in LocalStack's init script now: the lines that create its secrets and queues, and functions that nobody else calls. */
import { escapeRegExp } from '../../escape-reg-exp';
import { readComposeFiles } from '../../observe/compose-files';
import type { EmitContext, Finding, OwnedPart, Ownership } from '../../types';
import { lineStart } from '../../yaml/lines';
import { namesOf } from './calls';
import { deletions } from './deletions';
import { ownHelpers } from './helper-functions';
import { readInitScript, type InitScript, type StoredCall } from './init-script';

interface Range {
  start: number;
  end: number;
}

export function ownedInLocalstack(context: EmitContext): Ownership {
  const path = context.profile.secrets?.localstackInit;
  const text = path === undefined ? undefined : context.tree.read(path);
  if (path === undefined || text === undefined) return { parts: [] };
  const read = readInitScript(path, text);
  if (!read.ok)
    return {
      parts: [],
      kept: [
        { kind: 'script-unread', path, ...(read.line === undefined ? {} : { line: read.line }), message: read.reason },
      ],
    };
  const { script } = read;
  const kept: Finding[] = [];
  const going = script.calls
    .filter((call) => isOfService(call, context))
    .filter((call) => {
      const why = whyKept(call, script, context);
      if (why !== undefined)
        kept.push({
          kind: 'still-used',
          path,
          line: text.slice(0, call.statement.start).split('\n').length,
          message: why,
        });
      return why === undefined;
    });
  const calls = [...new Set(going.map((call) => call.statement))].map((statement) =>
    wholeLines(text, statement.start, statement.lineEnd),
  );
  const parts = merge([...calls, ...unusedHelpers(script, calls)]).map((range): OwnedPart => ({
    kind: 'lines',
    path,
    ...trimmed(text, range),
  }));
  return {
    parts,
    kept: [...kept, ...inLoops(script, context)],
    followUps: going.length === 0 ? [] : deletions(going, context),
  };
}

function isOfService(call: StoredCall, context: EmitContext): boolean {
  if (call.name === undefined || call.statement.kind !== 'commands') return false;
  const { secrets, queues, topics } = namesOf(context);
  return { secret: secrets, parameter: secrets, queue: queues, topic: topics }[call.kind].includes(call.name);
}

/** Who else refers to it; undefined where nobody does. */
function whyKept(call: StoredCall, script: InitScript, { manifest, profile, tree }: EmitContext): string | undefined {
  const name = call.name ?? '';
  if (call.kind === 'topic') {
    const subscriber = script.calls.find(
      (other) =>
        other.kind === 'queue' &&
        other !== call &&
        !manifest.messaging.queues.some((queue) => queue.name === other.name) &&
        other.command.words.slice(5).some((word) => word.raw === name),
    );
    if (subscriber) return `The topic ${name} stays: the queue ${subscriber.name ?? ''} gets its messages.`;
  }
  const mentions = new RegExp(`(?<![\\w/.-])(?:https?://[^\\s"]*/|arn:[^\\s"]*:)?${escapeRegExp(name)}(?![\\w/.-])`);
  for (const place of readComposeFiles(tree, profile)) {
    const other = place.file.services.find(
      (service) => service.name !== manifest.name && mentions.test(JSON.stringify(service.fields['environment'] ?? {})),
    );
    if (other) return `${name} stays: ${other.name} in ${place.path} reads it, too.`;
  }
  return undefined;
}

/** Queues of the service that a loop creates from a list: taking one out of it is to rewrite its line. */
function inLoops(script: InitScript, context: EmitContext): Finding[] {
  const { queues } = namesOf(context);
  return script.calls.flatMap((call): Finding[] => {
    if (call.statement.kind !== 'compound') return [];
    const body = script.text.slice(call.statement.start, call.statement.end);
    const named = queues.filter((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(body));
    const line = script.text.slice(0, call.statement.start).split('\n').length;
    return named.map((name) => ({
      kind: 'in-a-list',
      path: script.path,
      line,
      message: `The loop here creates ${name}, too. Take it out of the list by hand.`,
    }));
  });
}

/** Functions of ours, as we wrote them, that nothing calls once the service's own lines are gone. */
function unusedHelpers(script: InitScript, calls: readonly Range[]): Range[] {
  const own = ownHelpers(script);
  const unused: Range[] = [];
  for (let found = true; found;) {
    found = false;
    for (const { statement, start } of own) {
      const range = wholeLines(script.text, start, statement.lineEnd);
      if (unused.some((one) => one.start === range.start)) continue;
      const rest = without(script.text, [...calls, ...unused, range]);
      if (calls.length === 0 || new RegExp(`(?<![\\w-])${statement.name ?? ''}(?![\\w-])`).test(rest)) continue;
      unused.push(range);
      found = true;
    }
  }
  return unused;
}

/** Whole lines and the blank one in front of them, so that what stands in one run goes in one. */
function wholeLines(text: string, from: number, to: number): Range {
  const start = lineStart(text, from);
  return { start: isBlankLine(text, lineStart(text, start - 1), start) ? lineStart(text, start - 1) : start, end: to };
}

function isBlankLine(text: string, start: number, end: number): boolean {
  return end > start && text.slice(start, end).trim() === '';
}

/** Without the blank line at its beginning: whose that is, is seen when the lines are taken out. */
function trimmed(text: string, { start, end }: Range): Range {
  const next = text.indexOf('\n', start) + 1;
  return isBlankLine(text, start, next) && next < end ? { start: next, end } : { start, end };
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

function without(text: string, ranges: readonly Range[]): string {
  let left = '';
  let at = 0;
  for (const range of merge(ranges)) {
    left += text.slice(at, range.start);
    at = range.end;
  }
  return left + text.slice(at);
}
