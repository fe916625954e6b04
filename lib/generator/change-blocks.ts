/** The service's blocks in a file that others share, changed from what one spec gives to what another gives; what people changed in them stays. */
import type { Versions } from './change-owned';
import { handEdited } from './hand-edits';
import { mergeLines } from './merge-lines';
import { mergeRefusal } from './merge-refusal';
import { pairUp } from './pair-up';
import { findRuns } from './take-out';
import type { Finding, OwnedPart, Refusal, Tree } from './types';
import { splitLines } from './yaml/lines';
import { mergeNodes } from './yaml/merge';
import { parseYaml, type ParsedYaml } from './yaml/parse';
import { cutsOf, type Member } from './yaml/remove';
import { replaceLines, replaceRanges, type Replacement } from './yaml/replace';

export interface BlockChange {
  /**
   * The whole file as the emitter writes it for the new spec, with what people changed in the service's blocks: where it would write the old spec just
   * as the file stands. Undefined where people moved the blocks or what is around them.
   */
  seated: string | undefined;
  /** In the present text: the change itself. */
  merged: Replacement[];
  /** In the present text: its parts as the new spec alone gives them, and nothing of those that only people wrote. */
  pristine: Replacement[];
  refusals: Refusal[];
  findings: Finding[];
}

/** A file's text with the service's parts in it. */
interface Side {
  text: string;
  yaml: ParsedYaml | undefined;
  members: Member[];
}

type Sides = Record<'present' | 'base' | 'next', Side>;

/** What becomes of the blocks of one file. */
export function changeBlocks(path: string, versions: Versions): BlockChange {
  const change: BlockChange = { seated: undefined, merged: [], pristine: [], refusals: [], findings: [] };
  const { taken } = versions.present;
  const cuts = taken.cuts.find((file) => file.path === path)?.cuts ?? [];
  const sides: Sides = {
    present: sideOf(
      path,
      versions.present,
      cuts.flatMap((cut) => cut.run.members),
    ),
    base: sideOf(path, versions.base),
    next: sideOf(path, versions.next),
  };
  const { present, base, next } = sides;
  const toBase = pairs(present, base);
  const toNext = pairs(base, next);
  const partners = present.members.map((member) => {
    const was = base.members[toBase.get(member) ?? -1];
    return { member, was, wanted: was && next.members[toNext.get(was) ?? -1] };
  });

  const edited: Replacement[] = [];
  for (const { member, was, wanted } of partners) {
    if (!was) change.pristine.push({ ...rangeOf(member), text: '' });
    else if (wanted) {
      const one = changeBlock(path, sides, { member, was, wanted });
      change.merged.push(...one.merged);
      change.pristine.push(...one.pristine);
      change.refusals.push(...one.refusals);
      if (one.seated) edited.push(one.seated);
    } else {
      const place = { path, line: lineOf(present, member), what: 'This block' };
      change.findings.push(...handEdited(place, textOf(present, member), textOf(base, was)));
    }
  }
  const matched = partners.every(({ was }) => was) && partners.length === base.members.length;
  const within = change.merged.every(({ start, end }) =>
    present.members.some((member) => member.start <= start && end <= member.end),
  );
  if (matched && within && !taken.moved.has(path)) return { ...change, seated: replaceRanges(next.text, edited) };

  const gone = new Set(partners.flatMap(({ member, was, wanted }) => (was && !wanted ? [member] : [])));
  for (const { run, way } of cuts) {
    if (!run.members.some((member) => gone.has(member))) continue;
    for (const range of cutsOf(run, way, (index) => gone.has(run.members[index] ?? way))) {
      change.merged.push({ ...range, text: '' });
      change.pristine.push({ ...range, text: '' });
    }
  }
  return change;
}

interface OneBlock {
  /** In the present text. */
  merged: Replacement[];
  pristine: Replacement[];
  /** In the text as the emitter writes it for the new spec: the block with what people changed in it. */
  seated?: Replacement;
  refusals: Refusal[];
}

function changeBlock(
  path: string,
  { present, base, next }: Sides,
  { member, was, wanted }: Record<'member' | 'was' | 'wanted', Member>,
): OneBlock {
  const put = exchange(present, member, next, wanted);
  const there = bare(textOf(present, member));
  const pristine = there === bare(put.text) ? [] : [put];
  // Slipway's own words, untouched.
  if (there === bare(exchange(present, member, base, was).text)) return { merged: pristine, pristine, refusals: [] };
  const { merged, refusals } = mergeBlock(path, { present, base, next }, { member, was, wanted });
  const text = replaceRanges(present.text.slice(0, member.end), merged).slice(member.start);
  const seated = exchange(next, wanted, { ...present, text }, { start: 0, end: text.length });
  return { merged, pristine, seated, refusals };
}

/** What the new spec changes in a block that people edited. */
function mergeBlock(
  path: string,
  { present, base, next }: Sides,
  { member, was, wanted }: Record<'member' | 'was' | 'wanted', Member>,
): { merged: Replacement[]; refusals: Refusal[] } {
  if (bare(textOf(base, was)) === bare(textOf(next, wanted))) return { merged: [], refusals: [] };
  if (present.yaml && base.yaml && next.yaml && member.at && was.at && wanted.at) {
    const { replacements, conflicts } = mergeNodes(
      { yaml: present.yaml, path: member.at },
      { yaml: base.yaml, path: was.at },
      { yaml: next.yaml, path: wanted.at },
    );
    return {
      merged: replacements,
      refusals: conflicts.map((conflict) => mergeRefusal(path, conflict.path.join('.'), conflict)),
    };
  }
  const { text, conflicts } = mergeLines(textOf(base, was), textOf(present, member), textOf(next, wanted));
  const first = lineOf(present, member);
  return {
    merged: [{ ...rangeOf(member), text }],
    refusals: conflicts.map((one) => {
      const line = first + one.line - 1;
      return mergeRefusal(path, `line ${line}`, { ...one, line });
    }),
  };
}

function sideOf(
  path: string,
  { tree, parts }: { tree: Tree; parts: readonly OwnedPart[] },
  members?: readonly Member[],
): Side {
  const text = tree.read(path) ?? '';
  const own = parts.filter((part) => part.path === path && part.kind !== 'file');
  const parsed = own.some((part) => part.kind === 'yaml') ? parseYaml(text, path) : undefined;
  return {
    text,
    yaml: parsed?.ok ? parsed.yaml : undefined,
    members: [...(members ?? findRuns(path, text, own).runs.flatMap((run) => run.members))],
  };
}

/** Which part of the one side is which of the other: entries of a map by their path, items of a list and lines by what they say. */
function pairs(left: Side, right: Side): Map<Member, number> {
  const found = new Map<Member, number>();
  const keys = right.members.map(keyOf);
  for (const member of left.members) {
    const key = keyOf(member);
    const index = key === undefined ? -1 : keys.indexOf(key);
    if (index !== -1) found.set(member, index);
  }
  const unkeyed = (side: Side) => side.members.filter((member) => keyOf(member) === undefined);
  const [own, others] = [unkeyed(left), unkeyed(right)];
  const texts = (side: Side, members: readonly Member[]) => members.map((member) => bare(textOf(side, member)));
  for (const [a, b] of pairUp(texts(left, own), texts(right, others))) {
    const [member, other] = [own[a], others[b]];
    if (member && other) found.set(member, right.members.indexOf(other));
  }
  return found;
}

function keyOf({ at }: Member): string | undefined {
  return at === undefined || typeof at.at(-1) === 'number' ? undefined : JSON.stringify(at);
}

/** A part of another text in the place of this one's, with this one's indentation and line end. */
function exchange(side: Side, member: Member, from: Side, other: Member): Replacement {
  const entry = (of: Side, { start, end }: Member) => ({ start, end, indent: indentAt(of.text, start) });
  return replaceLines(side.text, entry(side, member), { text: from.text, entry: entry(from, other) });
}

function indentAt(text: string, start: number): number {
  return Math.max(
    0,
    text
      .slice(start)
      .replace(/^\uFEFF/, '')
      .search(/[^ \t]/),
  );
}

function rangeOf({ start, end }: Member): { start: number; end: number } {
  return { start, end };
}

function textOf(side: Side, { start, end }: Member): string {
  return side.text.slice(start, end);
}

function lineOf(side: Side, { start }: Member): number {
  return splitLines(side.text.slice(0, start)).length + 1;
}

/** Without the last line's break, which the end of a file may lack. */
function bare(text: string): string {
  return text.replace(/\r?\n$/, '');
}
