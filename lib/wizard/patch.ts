/**
 * Saves of a draft as patches: the field, what stood there when somebody began to type, and what they want there. A path goes by keys and, in a list of rows, by
 * the row's id (`ports.1f0c….external`), so that a row keeps its address while others come and go. Pure; the page and the server use the same code.
 */
import type { z } from 'zod';

export type Json = z.core.util.JSONType;

/** The key under which a row has its id. It is the draft's own: specs do not know it. */
export const ROW_ID = 'rowId';

/** One field's change. A missing `from` or `to` says that nothing stood there, or is to stand there: a row that is added or removed. */
export interface Patch {
  path: string;
  from?: Json | undefined;
  to?: Json | undefined;
}

/** A patch that was not applied, because something else than its `from` stands there. */
export interface PatchConflict {
  /** The field, or the row or group around it where that is not there any more. */
  path: string;
  /** What the patch wanted at its own path. */
  wanted: Json | undefined;
  /** What stands at `path`. */
  current: Json | undefined;
}

type JsonObject = { [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const idOf = (row: Json | undefined): string | undefined =>
  isObject(row) && Object.hasOwn(row, ROW_ID) && typeof row[ROW_ID] === 'string' ? row[ROW_ID] : undefined;

/** Whether every item has an id. An empty list may be one of rows. */
const isRows = (list: readonly Json[]): boolean => list.every((item) => idOf(item) !== undefined);

/** Whether two values are the same, in whatever order their keys stand. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** What stands in a holder under a key or a row's id. */
function childOf(holder: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(holder)) return holder.find((row) => idOf(row) === key);
  return isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** Whether something can stand in it under this key: an object, or a list of rows. */
const canHold = (holder: Json | undefined): boolean => (Array.isArray(holder) ? isRows(holder) : isObject(holder));

/** What stands at a path; undefined where nothing does. */
export function valueAt(content: Json, path: string): Json | undefined {
  let value: Json | undefined = content;
  for (const key of path.split('.')) value = childOf(value, key);
  return value;
}

/** The same content with `value` at `path` (a new row goes to the end of its list); without it where `value` is undefined. Where nothing can stand there, as it was. */
export function withValueAt(content: Json, path: string, value: Json | undefined): Json {
  const [key = '', ...rest] = path.split('.');
  if (!canHold(content)) return content;
  const child = childOf(content, key);
  if (rest.length > 0 && child === undefined) return content;
  const next = rest.length > 0 && child !== undefined ? withValueAt(child, rest.join('.'), value) : value;
  if (Array.isArray(content)) {
    if (next === undefined) return content.filter((row) => idOf(row) !== key);
    return child === undefined ? [...content, next] : content.map((row) => (idOf(row) === key ? next : row));
  }
  const entries = Object.entries(content as JsonObject).filter(([name]) => name !== key);
  if (next === undefined) return Object.fromEntries(entries);
  // fromEntries makes a key of its own of whatever it is called.
  if (child === undefined) return Object.fromEntries([...entries, [key, next]]);
  return Object.fromEntries(
    Object.entries(content as JsonObject).map(([name, old]) => [name, name === key ? next : old]),
  );
}

/** What leads from one content to another, field by field; rows by their ids. Whoever applies them to `from` has `to`, but for the order of rows. */
export function diffContent(from: Json | undefined, to: Json | undefined, path = ''): Patch[] {
  if (sameJson(from, to)) return [];
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  const keys = keysToCompare(from, to);
  if (keys) return keys.flatMap((key) => diffContent(childOf(from, key), childOf(to, key), below(key)));
  return [{ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
}

/** The keys or rows in which two values may differ, where both are objects or both are lists of rows. */
function keysToCompare(from: Json | undefined, to: Json | undefined): string[] | undefined {
  if (Array.isArray(from) && Array.isArray(to)) {
    if (!isRows(from) || !isRows(to)) return undefined;
    return [...new Set([...from, ...to].flatMap((row) => idOf(row) ?? []))];
  }
  if (!isObject(from) || !isObject(to)) return undefined;
  return [...new Set([...Object.keys(from), ...Object.keys(to)])];
}

/** The deepest path on the way to a field that has something in it to hold the next step; the field's own where it could stand. */
function reachablePath(content: Json, path: string): string {
  const keys = path.split('.');
  let holder: Json | undefined = content;
  for (let depth = 0; depth < keys.length; depth += 1) {
    if (!canHold(holder)) return keys.slice(0, Math.max(depth, 1)).join('.');
    const child = childOf(holder, keys[depth] ?? '');
    if (child === undefined) return keys.slice(0, depth + 1).join('.');
    holder = child;
  }
  return path;
}

/** Where a row is added or replaced, it is the row of that id. */
function isSound(content: Json, { path, to }: Patch): boolean {
  const keys = path.split('.');
  const key = keys.pop() ?? '';
  const holder = keys.length === 0 ? content : valueAt(content, keys.join('.'));
  if (Array.isArray(holder)) return to === undefined || idOf(to) === key;
  return isObject(holder) && !(key === ROW_ID && idOf(holder) !== undefined);
}

/**
 * Applies each patch whose field still has its `from`; one whose field already has its `to` is done. The others change nothing and are named.
 * @returns the content, and of the patches those that were applied or done already, and those that were not.
 */
export function applyPatches(
  content: Json,
  patches: readonly Patch[],
): { content: Json; applied: Patch[]; conflicts: PatchConflict[] } {
  let next = content;
  const applied: Patch[] = [];
  const conflicts: PatchConflict[] = [];
  for (const patch of patches) {
    const current = valueAt(next, patch.path);
    if (sameJson(current, patch.to)) applied.push(patch);
    else if (sameJson(current, patch.from) && isSound(next, patch)) {
      next = withValueAt(next, patch.path, patch.to);
      applied.push(patch);
    } else {
      const path = reachablePath(next, patch.path);
      conflicts.push({ path, wanted: patch.to, current: valueAt(next, path) });
    }
  }
  return { content: next, applied, conflicts };
}

/** Gives every row of every list an id that has none, or one that another row before it has: always the same one for the same content. */
export function withRowIds<Content extends object>(content: Content): Content {
  return addRowIds(content as Json) as Content;
}

function addRowIds(value: Json): Json {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, addRowIds(item)]));
  if (!Array.isArray(value)) return value;
  if (!value.every(isObject)) return value;
  const kept = new Set(value.flatMap((row) => idOf(row) || []));
  const given = new Set<string>();
  let count = 0;
  const next = () => {
    do count += 1;
    while (kept.has(`row-${count}`));
    return `row-${count}`;
  };
  return value.map((row) => {
    const own = idOf(row);
    const id = own && isRowId(own) && !given.has(own) ? own : next();
    given.add(id);
    return { ...(addRowIds(row) as JsonObject), [ROW_ID]: id };
  });
}

/** Whether a text can be a row's id: a step of a path. */
function isRowId(text: string): boolean {
  return /^[A-Za-z0-9-]{1,40}$/.test(text);
}

/** An id for a row that somebody adds. */
export function newRowId(): string {
  // randomUUID is not there on pages that came without TLS.
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
