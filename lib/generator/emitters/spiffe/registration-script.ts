/** A registration more in a shell script: an entry of an array, or a command, as those of the siblings are written. */
import { arraysOf, insertArrayEntry, type ShellArray, type ShellEntry } from '../../shell/arrays';
import { parseShell, type ShellStatement } from '../../shell/script';
import { lineBreak, lineEnd, lineStart, readLine } from '../../yaml/lines';
import { standingFor, type Registered } from './registration-place';
import { dnsSeparator, writeFor, type Identity } from './registration-text';
import { mentions, nameFinder } from './rename';

export interface RegistrationInput {
  text: string;
  own: Identity;
  siblings: readonly (Identity & { nearness: number })[];
  /** Names of stacks and categories, which headings go by. */
  kinds: readonly string[];
  /** The service's own of those, its stack first. */
  ownKinds: readonly string[];
}

/** One registration in the script and whose it is; undefined for a workload that no helper is known for. */
export interface Found extends Registered {
  sibling: RegistrationInput['siblings'][number] | undefined;
  /** What is copied: the entry with its quotes, or the lines of the commands. */
  written: string;
  entry?: ShellEntry;
  isOwn: boolean;
}

export type Registrations =
  | { kind: 'array'; array: ShellArray; found: Found[] }
  | { kind: 'commands'; found: Found[] }
  /** `line` is where a registration stands that cannot be copied: in a loop or a branch. */
  | { kind: 'none'; line?: number }
  | { kind: 'unreadable'; line: number; reason: string };

/** How the script registers workloads, and every one that it registers. */
export function readRegistrations(input: RegistrationInput): Registrations {
  const { text } = input;
  const whose = whoseIn(input);
  const parsed = parseShell(text);
  if (!parsed.ok) return { kind: 'unreadable', line: parsed.line, reason: parsed.reason };
  const arrays = arraysOf(text).map((array) => ({
    array,
    found: array.entries.map((entry) => inArray(input, whose, entry)),
  }));
  const count = (found: readonly Found[]) => found.filter((one) => one.sibling ?? (one.isOwn || undefined)).length;
  const largest = arrays.reduce<(typeof arrays)[number] | undefined>(
    (best, one) => (count(one.found) > (best ? count(best.found) : 0) ? one : best),
    undefined,
  );
  const appended = arrays.filter(
    ({ array, found }) => count(found) > 0 && text.startsWith('+=', array.start + array.name.length),
  );
  if (largest && (appended.length < 2 || !appended.includes(largest))) return { kind: 'array', ...largest };

  const { plain, nested } = statementsNaming(text, parsed.statements, whose);
  if (plain.length === 0) return { kind: 'none', ...(nested[0] ? { line: lineNumber(text, nested[0].start) } : {}) };
  const blocks = plain.map((statement, index) => blockOf(input, whose, plain[index - 1], statement));
  return { kind: 'commands', found: blocks };
}

/** Whose registration a text is: the workloads whose helpers it names. */
type Whose = (text: string) => Identity[];

function whoseIn({ siblings, own }: RegistrationInput): Whose {
  const owners = new Map<string, Identity>();
  for (const one of [...siblings, own]) for (const name of one.helpers) owners.set(name, one);
  const find = nameFinder(owners.keys());
  return (text) => [...new Set(find(text).flatMap((name) => owners.get(name) ?? []))];
}

function inArray({ text, siblings, own }: RegistrationInput, whose: Whose, entry: ShellEntry): Found {
  const named = whose(entry.raw);
  const isFor = (one: Identity) => named.includes(one) || entry.literal === one.workload;
  const sibling = siblings.find(isFor);
  return {
    start: lineStart(text, entry.start),
    end: lineEnd(text, entry.end),
    nearness: sibling?.nearness ?? 0,
    sibling,
    written: entry.raw,
    entry,
    isOwn: isFor(own),
  };
}

/** Statements that name a helper: those that run once, and those in loops and branches, which are not for copying. */
function statementsNaming(
  text: string,
  statements: readonly ShellStatement[],
  whose: Whose,
): { plain: ShellStatement[]; nested: ShellStatement[] } {
  const plain: ShellStatement[] = [];
  const nested: ShellStatement[] = [];
  const visit = (list: readonly ShellStatement[], copyable: boolean): void => {
    for (const statement of list) {
      const { kind, inner, commands, start } = statement;
      const named = commands.some((command) => command.words.some((word) => whose(word.raw).length > 0));
      const alone = text.slice(lineStart(text, start), start).trim() === '';
      if (named) (copyable && alone && kind === 'commands' && inner.length === 0 ? plain : nested).push(statement);
      visit(inner, copyable && kind === 'function');
    }
  };
  visit(statements, true);
  return { plain, nested };
}

/** The lines of a command, with the remarks and messages around it that name its workload too. */
function blockOf(
  { text, siblings, own }: RegistrationInput,
  whose: Whose,
  previous: ShellStatement | undefined,
  statement: ShellStatement,
): Found {
  const raw = text.slice(statement.start, statement.end);
  const named = whose(raw);
  const [one] = named;
  const sibling = siblings.find((other) => other === one);
  const names = one ? [...one.helpers, one.workload, ...one.services] : [];
  let start = lineStart(text, statement.start);
  const before = previous?.lineEnd ?? 0;
  while (start > before) {
    const line = readLine(text, lineStart(text, start - 1));
    const source = text.slice(line.start, line.end);
    if (!/^\s*(?:#|echo\s|printf\s|log\w*\s)/.test(source) || !names.some((name) => mentions(source, name))) break;
    start = line.start;
  }
  const heading = text.slice(start, lineStart(text, statement.start));
  const margin = text.slice(lineStart(text, statement.start), statement.start);
  return {
    start,
    end: statement.lineEnd,
    nearness: sibling?.nearness ?? 0,
    sibling: named.length === 1 ? sibling : undefined,
    written: `${heading}${margin}${raw}\n`,
    isOwn: named.includes(own),
  };
}

export type RegistrationInsertion =
  { ok: true; offset: number; text: string } | { ok: false; reason: string; paste?: string };

/** The registration of the new workload, as most of the siblings' are written. */
export function insertRegistration(
  input: RegistrationInput,
  registrations: Extract<Registrations, { kind: 'array' | 'commands' }>,
): RegistrationInsertion {
  const { text, own, kinds, ownKinds } = input;
  const { found } = registrations;
  const separator = found
    .map((one) => one.sibling && dnsSeparator(one.written, one.sibling))
    .find((one) => one !== undefined);
  const texts = found.flatMap((one) => (one.sibling ? (writeFor(one.written, one.sibling, own, separator) ?? []) : []));
  const written = mostUsual(texts);
  if (written === undefined)
    return {
      ok: false,
      reason: 'The registrations that are there follow no pattern that another one could be written after.',
    };
  const { after, heading } = standingFor(text, found, kinds, ownKinds);
  const neighbour = found[after];
  if (registrations.kind === 'array') {
    const inserted = insertArrayEntry(text, registrations.array, written, neighbour?.entry);
    if (!inserted.ok) return { ...inserted, paste: written };
    const close = lineStart(text, registrations.array.close);
    if (heading === undefined || text.slice(close, registrations.array.close).trim() !== '') return inserted;
    return { ok: true, offset: close, text: heading + lineBreak(text, close) + inserted.text };
  }
  if (!neighbour || text[neighbour.end - 1] !== '\n')
    return { ok: false, reason: 'The script ends here without a line break.', paste: written };
  const gaps = found.slice(1).map((one, index) => text.slice(found[index]?.end ?? 0, one.start));
  const lines = written.split('\n').length - 1;
  const apart = gaps.some((gap) => /^\s*\n$/.test(gap)) || (lines > 1 && /^[ \t]*\n/.test(text.slice(neighbour.end)));
  return {
    ok: true,
    offset: neighbour.end,
    text: `${apart || heading !== undefined ? '\n' : ''}${heading === undefined ? '' : `${heading}\n`}${written}`,
  };
}

function mostUsual(items: readonly string[]): string | undefined {
  const count = (item: string) => items.filter((one) => one === item).length;
  return items.reduce<string | undefined>(
    (best, item) => (best !== undefined && count(best) > count(item) ? best : item),
    undefined,
  );
}

function lineNumber(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
