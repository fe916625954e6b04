/**
 * What one tab knows of a draft that others change too, and how their saves come into it. `base` is, field by field, what this tab last saw of the server's copy and
 * agreed to: where nobody else wrote it follows the server; where somebody wrote into a field that was being changed here it stays, so that this tab's patch is refused
 * until a person has chosen. Nothing is overwritten that was not seen, on either side. Pure.
 */
import { applyPatches, diffContent, sameJson, valueAt, withValueAt, type Json, type Patch } from './patch';

export interface Shared {
  /** What this tab saw and agreed to. */
  base: Json;
  /** The server's copy. */
  server: Json;
  /** Patches that were sent and whose answer has not come: the server may have them. */
  inDoubt: readonly Patch[];
}

/** A field that two people wrote differently. */
export interface FieldConflict {
  path: string;
  mine: Json | undefined;
  theirs: Json | undefined;
}

export interface Merged {
  shared: Shared;
  /** What the form shows: everybody's saves, and this tab's own words wherever it has some. */
  form: Json;
  conflicts: FieldConflict[];
}

/** What was sent and stands there was saved by this tab, or by somebody who wrote the same. */
function settle(base: Json, inDoubt: readonly Patch[], server: Json): Json {
  return inDoubt.reduce(
    (settled, { path, to }) => (sameJson(valueAt(server, path), to) ? withValueAt(settled, path, to) : settled),
    base,
  );
}

/**
 * Takes a newer copy of the server into a form in which somebody may be typing.
 * @param mine what the form holds now.
 * @param inDoubt what is still on its way after this; none where `server` answers the last save.
 */
export function mergeServer(shared: Shared, mine: Json, server: Json, inDoubt = shared.inDoubt): Merged {
  const seen = settle(shared.base, shared.inDoubt, server);
  const { content, conflicts } = applyPatches(server, diffContent(seen, mine));
  const paths = outermost(conflicts.map(({ path }) => path));
  const overlay = (onto: Json, from: Json) =>
    paths.reduce((result, path) => withValueAt(result, path, valueAt(from, path)), onto);
  return {
    shared: { base: overlay(server, seen), server, inDoubt },
    form: overlay(content, mine),
    conflicts: paths.map((path) => ({ path, mine: valueAt(mine, path), theirs: valueAt(server, path) })),
  };
}

/** Without those that stand below another. */
function outermost(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
}

/** The fields in which this tab and the server's copy stand against each other now. */
export function conflictsOf({ base, server, inDoubt }: Shared, mine: Json): FieldConflict[] {
  return mergeServer({ base, server, inDoubt }, mine, server).conflicts;
}

/** What is to be saved: what was changed here, but for the fields that wait for a choice. */
export function toSave(shared: Shared, mine: Json): Patch[] {
  const held = conflictsOf(shared, mine).map(({ path }) => path);
  return diffContent(shared.base, mine).filter(
    ({ path }) => !held.some((one) => path === one || path.startsWith(`${one}.`)),
  );
}

/** The person has seen both values of a field and chosen: this tab's goes to the server with the next save, or theirs into the form. */
export function choose(
  shared: Shared,
  mine: Json,
  path: string,
  choice: 'mine' | 'theirs',
): { shared: Shared; form: Json } {
  const theirs = valueAt(shared.server, path);
  return {
    shared: { ...shared, base: withValueAt(shared.base, path, theirs) },
    form: choice === 'mine' ? mine : withValueAt(mine, path, theirs),
  };
}

/** What is to be saved by a page that is left while a save is under way: that save arrives first. */
export function toSaveAfter({ base, server, inDoubt }: Shared, mine: Json): Patch[] {
  const arrived = { base: applyPatches(base, inDoubt).content, server: applyPatches(server, inDoubt).content };
  return toSave({ ...arrived, inDoubt: [] }, mine);
}
