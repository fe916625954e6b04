/**
 * The plan's own proof of a removal or a change, whatever found the lines: node by node, nothing of a YAML file differs but what belongs to the
 * service. Shares nothing with what cuts and splices.
 */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { keyText, type YamlPath } from './yaml/locate';
import { parseYaml } from './yaml/parse';

export interface OwnedPaths {
  /** Paths in the text before that are the service's. */
  before: readonly YamlPath[];
  /** Paths in the text after that are the service's: none after a removal. */
  after: readonly YamlPath[];
}

/**
 * Why a change of one YAML file touches more than the service's own nodes; undefined where it does not. A collection that held nothing but these
 * may be absent or without a value on the other side. What is no YAML is not looked at: there lines are cut and put, and nothing else.
 */
export function proveOwnedOnly(
  path: string,
  before: string,
  after: string,
  owned: OwnedPaths,
): { reason: string; line?: number } | undefined {
  if (!/\.ya?ml$/i.test(path) || before === after) return undefined;
  const old = parseYaml(before, path);
  if (!old.ok) return { reason: old.refusal.reason, ...(old.refusal.line ? { line: old.refusal.line } : {}) };
  const now = parseYaml(after, path);
  if (!now.ok) return { reason: `Afterwards the file would not parse. ${now.refusal.reason}` };
  const either = [...owned.before, ...owned.after];
  const left = prune(old.yaml.document.contents, { own: owned.before, either }, []);
  const right = prune(now.yaml.document.contents, { own: owned.after, either }, []);
  const changed = firstDifference(left, right, '');
  if (changed === undefined) return undefined;
  return {
    reason: `This would change ${changed === '' ? 'the whole document' : changed}, which is not the service’s.`,
  };
}

/** A node as far as it is compared: scalars by their source, so that a change of quotes is a change. */
type Shape = string | { kind: string; entries: [key: string, value: Shape | undefined][] };

/**
 * The node without what is owned; undefined where nothing is there, or nothing is left of a collection that held owned nodes alone.
 * @param paths what is owned in this text; and what in either, since a key that leads there may be without a value, or not there, on one side.
 */
function prune(
  node: unknown,
  paths: { own: readonly YamlPath[]; either: readonly YamlPath[] },
  path: YamlPath,
): Shape | undefined {
  if (node === null || node === undefined) return undefined;
  if (isAlias(node)) return `*${node.source}`;
  if (isScalar(node)) {
    const properties = `${node.anchor ?? ''} ${node.tag ?? ''}`.trim();
    if (node.value === null && properties === '' && (node.source ?? '') === '') return undefined;
    return `${properties} ${node.type ?? ''} ${node.source ?? String(node.value)}`;
  }
  if (!isMap(node) && !isSeq(node)) return JSON.stringify(node);
  const items = isMap(node)
    ? node.items.map((pair) => [keyName(pair.key), pair.value] as const)
    : node.items.map((item, index) => [String(index), item] as const);
  const kept = items.filter(([key]) => !paths.own.some((one) => isSame(one, [...path, key])));
  const entries = kept.flatMap(([key, value]): [string, Shape | undefined][] => {
    const shape = prune(value, paths, [...path, key]);
    const emptied = shape === undefined && isMap(node) && paths.either.some((one) => leadsTo([...path, key], one));
    return emptied ? [] : [[isMap(node) ? key : '', shape]];
  });
  if (entries.length === 0 && items.length > 0) return undefined;
  const kind = `${isMap(node) ? 'map' : 'list'} ${node.flow === true} ${node.anchor ?? ''} ${node.tag ?? ''}`;
  return { kind, entries };
}

/** The path of the first node that differs. */
function firstDifference(a: Shape | undefined, b: Shape | undefined, path: string): string | undefined {
  if (a === undefined || b === undefined || typeof a === 'string' || typeof b === 'string')
    return a === b ? undefined : path;
  if (a.kind !== b.kind) return path;
  for (let index = 0; index < Math.max(a.entries.length, b.entries.length); index += 1) {
    const [left, right] = [a.entries[index], b.entries[index]];
    const key = left?.[0] ?? right?.[0] ?? '';
    const here = `${path === '' ? '' : `${path}.`}${key === '' ? index : key}`;
    if (!left || !right || left[0] !== right[0]) return here;
    const changed = firstDifference(left[1], right[1], here);
    if (changed !== undefined) return changed;
  }
  return undefined;
}

function keyName(key: unknown): string {
  if (isAlias(key)) return `*${key.source}`;
  return isScalar(key) ? keyText(key as Parameters<typeof keyText>[0]) : String(key);
}

function isSame(a: YamlPath, b: YamlPath): boolean {
  return a.length === b.length && a.every((step, index) => String(step) === String(b[index]));
}

/** Whether a path is one of the keys on the way to another, or that itself. */
function leadsTo(path: YamlPath, goal: YamlPath): boolean {
  return path.length <= goal.length && path.every((step, index) => String(step) === String(goal[index]));
}
