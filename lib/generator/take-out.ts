/**
 * Takes what an emitter owns out of a tree, so that the emitter would put it back exactly where it was. Blank lines and emptied collections around
 * a part do not say who wrote them; so the ways to cut are tried against the emitter itself, and that one is taken whose result it turns into the
 * present text again. Where people moved things since, none does, and the neighbours' spacing is left as usual.
 */
import { emitAll, ownedBy, type Written } from './emit-all';
import { overlay } from './overlay';
import { proveAddition } from './prove-addition';
import { proveOwnedOnly } from './prove-owned';
import type { EmitContext, Emitter, OwnedPart, Refusal, Tree } from './types';
import type { YamlPath } from './yaml/locate';
import { parseYaml } from './yaml/parse';
import { cutRanges, runOfLines, runsOf, type Range, type Run } from './yaml/remove';

/** How one run is cut. */
export interface Cut {
  run: Run;
  way: Range;
}

/** The parts of a file that stays, and how they go. */
export interface FileCuts {
  path: string;
  text: string;
  /** In the order of the text. */
  cuts: Cut[];
  /** Paths of the parts, where the file is YAML. */
  paths: YamlPath[];
}

export interface TakenOut {
  /** What they were taken out of. */
  tree: Tree;
  /** The files without the parts; null where the whole file is one. */
  files: Map<string, string | null>;
  /** Files that stay, with how they were cut. */
  cuts: FileCuts[];
  refusals: Refusal[];
  /** The tree as the emitter makes it anew from the one without the parts; undefined where something stands in its way there. */
  anew: Tree | undefined;
  /** What it says when it does, or what stands in its way. */
  emission: Written;
  /** The files in which it would put the parts elsewhere, or with other lines around them, than they stand. */
  moved: ReadonlySet<string>;
}

/** Emitters that wrote a service, as one: what stands in one file is taken out of it together. */
export interface Owner {
  emitters: readonly Emitter[];
  context: EmitContext;
}

/** Takes these parts of the emitter's service out of `context.tree`. What cannot be taken out as whole lines, or not safely, is refused. */
export function takeOut({ emitters, context }: Owner, parts: readonly OwnedPart[]): TakenOut {
  const { tree } = context;
  const files = new Map<string, string | null>();
  const refusals: Refusal[] = [];
  const cuts: FileCuts[] = [];
  for (const path of new Set(parts.map((part) => part.path))) {
    const own = parts.filter((part) => part.path === path);
    const text = tree.read(path);
    if (text === undefined) {
      if (tree.paths.includes(path))
        refusals.push({ path, reason: 'It is not UTF-8 text, and its bytes cannot be shown. Delete it by hand.' });
      continue;
    }
    if (own.some((part) => part.kind === 'file')) files.set(path, null);
    else {
      const found = findRuns(path, text, own);
      refusals.push(...found.refusals);
      // A file that cannot be cut as it has to be is left alone.
      if (found.refusals.length === 0 && found.runs.length > 0)
        cuts.push({ path, text, paths: found.paths, cuts: found.runs.map((run) => ({ run, way: firstWay(run) })) });
    }
  }
  const { anew, emission, faults } = chooseWays({ emitters, context }, files, cuts);
  for (const file of cuts) {
    const after = cutFile(file);
    const doubt =
      proveOwnedOnly(file.path, file.text, after, { before: file.paths, after: [] }) ??
      doubtOfRemoval(file.path, file.text, after);
    if (doubt) refusals.push({ path: file.path, ...doubt });
    else files.set(file.path, after);
  }
  const moved = new Set(
    cuts.flatMap(({ path, cuts: own }) => {
      const gapsOf = own.map((_, index) => isFaulty({ faults }, path, index));
      return !faults || gapsOf.includes(true) ? [path] : [];
    }),
  );
  return { tree, files, cuts, refusals, anew, emission, moved };
}

/** A removal is sound where putting the lines back would be an addition. */
function doubtOfRemoval(path: string, before: string, after: string): { reason: string; line?: number } | undefined {
  const doubt = proveAddition(path, after, before);
  return doubt && { reason: `It cannot be taken out safely, take it out by hand. To put it back: ${doubt.reason}` };
}

/** The runs of a file's parts in the order of its text; of overlapping ones the first. */
export function findRuns(
  path: string,
  text: string,
  parts: readonly OwnedPart[],
): { runs: Run[]; refusals: Refusal[]; paths: YamlPath[] } {
  const lines = parts.flatMap((part) => (part.kind === 'lines' ? [runOfLines(text, part)] : []));
  const paths = parts.flatMap((part) => (part.kind === 'yaml' ? [part.at] : []));
  if (paths.length === 0) return { runs: lines.sort(byStart), refusals: [], paths };
  const parsed = parseYaml(text, path);
  if (!parsed.ok) return { runs: [], refusals: [parsed.refusal], paths };
  const entries = runsOf(parsed.yaml, paths);
  const runs: Run[] = [];
  for (const run of [...entries.runs, ...lines].sort(byStart))
    if (startOf(run) >= (runs.at(-1)?.members.at(-1)?.end ?? 0)) runs.push(run);
  return { runs, refusals: entries.refusals, paths };
}

/** The parts' own text, in order: what is compared when it is asked who wrote what. */
export function textsOf(text: string, runs: readonly Run[]): string[] {
  return runs.flatMap((run) => run.members.map(({ start, end }) => text.slice(start, end)));
}

function cutFile({ text, cuts }: FileCuts): string {
  return cutRanges(
    text,
    cuts.map((cut) => cut.way),
  );
}

function firstWay(run: Run): Range {
  return run.ways[0] ?? run.members[0] ?? { start: 0, end: 0 };
}

/**
 * Settles how each run is cut, one run after the other, by what the emitter makes of the result.
 * @returns what the emitter makes of the best one.
 */
function chooseWays(owner: Owner, files: ReadonlyMap<string, string | null>, cuts: readonly FileCuts[]): Trial {
  const tried = (): Trial => attempt(owner, files, cuts);
  for (const { cuts: own } of cuts)
    for (const cut of own) {
      // A key that would be left without a value goes too, unless the emitter then cannot put anything back.
      const [withKey] = cut.run.waysWithKey;
      if (!withKey) continue;
      const plain = cut.way;
      cut.way = withKey;
      if (tried().faults === undefined) cut.way = plain;
    }
  let best = tried();
  for (const file of cuts)
    for (const [index, cut] of file.cuts.entries()) {
      if (best.faults === undefined || !isFaulty(best, file.path, index)) continue;
      const chosen = { way: cut.way, trial: best };
      for (const way of [...cut.run.waysWithKey, ...cut.run.ways]) {
        cut.way = way;
        const trial = tried();
        if (trial.faults === undefined || trial.faults.size >= (chosen.trial.faults?.size ?? Infinity)) continue;
        chosen.way = way;
        chosen.trial = trial;
        if (!isFaulty(trial, file.path, index)) break;
      }
      cut.way = chosen.way;
      best = chosen.trial;
    }
  return best;
}

interface Trial {
  anew: Tree | undefined;
  emission: Written;
  /** The gaps around the parts (`path index`) that read differently once the emitter has put everything back; undefined where it did not. */
  faults: Set<string> | undefined;
}

function isFaulty({ faults }: Pick<Trial, 'faults'>, path: string, index: number): boolean {
  return faults !== undefined && (faults.has(gapName(path, index)) || faults.has(gapName(path, index + 1)));
}

/** Lets the emitter put everything back and compares what stands around the parts: what stands in them people may have edited. */
function attempt(
  { emitters, context }: Owner,
  files: ReadonlyMap<string, string | null>,
  cuts: readonly FileCuts[],
): Trial {
  const without = overlay(
    context.tree,
    new Map([...files, ...cuts.map((file) => [file.path, cutFile(file)] as const)]),
  );
  const emission = emitAll(emitters, { ...context, tree: without });
  const nothing: Trial = { anew: undefined, emission, faults: undefined };
  if (emission.conflicts.length > 0 || emission.refusals.length > 0) return nothing;
  const anew = emission.tree;
  const owned = ownedBy(emitters, { ...context, tree: anew }).parts;
  const faults = new Set<string>();
  for (const { path, text, cuts: own } of cuts) {
    const now = anew.read(path) ?? '';
    const { runs } = findRuns(
      path,
      now,
      owned.filter((part) => part.path === path && part.kind !== 'file'),
    );
    const before = gaps(
      text,
      own.map((cut) => cut.run),
    );
    const after = gaps(now, runs);
    for (let index = 0; index < Math.max(before.length, after.length); index += 1)
      if (before[index] !== after[index]) faults.add(gapName(path, index));
  }
  return { anew, emission, faults };
}

/** What stands before, between and behind the parts of a file. */
function gaps(text: string, runs: readonly Run[]): string[] {
  let from = 0;
  const texts: string[] = [];
  for (const run of runs) {
    texts.push(text.slice(from, startOf(run)));
    from = run.members.at(-1)?.end ?? from;
  }
  return [...texts, text.slice(from)];
}

function gapName(path: string, index: number): string {
  return `${index} ${path}`;
}

function startOf(run: Run): number {
  return run.members[0]?.start ?? 0;
}

function byStart(a: Run, b: Run): number {
  return startOf(a) - startOf(b);
}
