/**
 * The plan's own proof that an edit only added, whatever the emitter says of it: line by line for every file, node by node for YAML and JSON.
 */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { firstJsonChange } from './json/prove';
import { countLines, diffLines, type LineChange } from './line-diff';
import { parseYaml, parseYamlWith, type InsertedLines } from './yaml/parse';

/** Why a change is not a safe addition, and where; undefined where it is one. */
export function proveAddition(
  path: string,
  before: string,
  after: string,
): { reason: string; line?: number } | undefined {
  const changes = diffLines(before, after);
  if (countLines(changes).removed > 0)
    return { reason: 'The addition would change a line that is there; paste it by hand.' };
  if (/\.json$/i.test(path) && before !== after) {
    const lost = firstJsonChange(before, after);
    return lost === undefined ? undefined : { reason: `The addition would change ${lost}, which is there already.` };
  }
  if (!/\.ya?ml$/i.test(path) || before === after) return undefined;
  const old = parseYaml(before, path);
  if (!old.ok) return { reason: old.refusal.reason, ...(old.refusal.line ? { line: old.refusal.line } : {}) };
  const now = parseYamlWith(old.yaml, addedLines(changes), after);
  if (!now.ok) return { reason: `With the addition the file would not parse. ${now.refusal.reason}` };
  const changed = firstChange(old.yaml.document.contents, now.yaml.document.contents, '');
  if (changed === undefined) return undefined;
  return {
    reason: `The addition would change ${changed === '' ? 'the whole document' : changed}, which is there already.`,
  };
}

/** What an addition adds, each run of lines with its place in the old text. */
function addedLines(changes: readonly LineChange[]): InsertedLines[] {
  let at = 0;
  const added: InsertedLines[] = [];
  for (const { kind, lines } of changes) {
    const text = lines.join('');
    if (kind === 'added') added.push({ at, text });
    else at += text.length;
  }
  return added;
}

/**
 * The path of the first node of `old` that `now` lacks or holds differently; undefined where `now` is `old` plus more keys and items.
 * Scalars count by their source text, so that a change of quotes is a change.
 */
function firstChange(old: unknown, now: unknown, path: string): string | undefined {
  // What stands in front of an addition is not even parsed again.
  if (old === now && old !== undefined) return undefined;
  if (old === null || old === undefined || (isScalar(old) && old.value === null && !old.anchor)) {
    // `volumes:` without a value may gain one; anything else that was empty has to be empty still.
    const empty = now === null || now === undefined || (isScalar(now) && now.value === null);
    return empty || isMap(now) || isSeq(now) ? undefined : path;
  }
  if (isAlias(old)) return isAlias(now) && now.source === old.source ? undefined : path;
  if (isScalar(old))
    return isScalar(now) && now.source === old.source && now.type === old.type && sameProperties(old, now)
      ? undefined
      : path;
  if (isMap(old)) {
    if (!isMap(now) || !sameProperties(old, now)) return path;
    let at = 0;
    for (const pair of old.items) {
      const key = keyOf(pair.key);
      const here = path === '' ? key : `${path}.${key}`;
      while (at < now.items.length && keyOf(now.items[at]?.key) !== key) at += 1;
      if (at === now.items.length) return here;
      const changed = firstChange(pair.value, now.items[at]?.value, here);
      if (changed !== undefined) return changed;
      at += 1;
    }
    return undefined;
  }
  if (isSeq(old)) {
    if (!isSeq(now) || !sameProperties(old, now)) return path;
    let at = 0;
    for (const [index, item] of old.items.entries()) {
      while (at < now.items.length && firstChange(item, now.items[at], path) !== undefined) at += 1;
      if (at === now.items.length) return `${path}[${index}]`;
      at += 1;
    }
    return undefined;
  }
  return path;
}

function sameProperties(old: { anchor?: string; tag?: string }, now: { anchor?: string; tag?: string }): boolean {
  return old.anchor === now.anchor && old.tag === now.tag;
}

function keyOf(key: unknown): string {
  if (isAlias(key)) return `*${key.source}`;
  return isScalar(key) ? String(key.source ?? key.value) : String(key);
}
