/** A registration more in a YAML file: an item of the list that names the helpers, copied from a sibling's. */
import { isMap, isScalar, isSeq, visit, type ParsedNode, type YAMLSeq } from 'yaml';
import type { FileEdit, OwnedPart, Refusal } from '../../types';
import { insertSequenceItem, toEdits } from '../../yaml/insert';
import { keyText, type YamlPath } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { Flow, Quoted, type YamlValue } from '../../yaml/render';
import { copyNode } from './copy-node';
import type { RegistrationInput } from './registration-script';
import type { Identity } from './registration-text';
import { mentions, rename } from './rename';

interface Registered {
  list: YamlPath;
  index: number;
  node: ParsedNode;
  identity: Identity;
}

/** The edits that add the workload; `there` where it is registered already. */
export function registrationInYaml(
  path: string,
  input: RegistrationInput,
  refuse: (reason: string) => Refusal,
): { edits: FileEdit[]; refusals: Refusal[]; there: boolean } {
  const parsed = parseYaml(input.text, path);
  if (!parsed.ok)
    return {
      edits: [],
      refusals: [{ ...refuse(parsed.refusal.reason), line: parsed.refusal.line ?? 1 }],
      there: false,
    };
  const found = registered(parsed.yaml, [...input.siblings, input.own]);
  if (found.some((one) => one.identity === input.own)) return { edits: [], refusals: [], there: true };
  const siblings = found.filter((one) => one.identity !== input.own);
  const model = siblings.reduce<Registered | undefined>(
    (best, one) => (best && nearness(input, best) > nearness(input, one) ? best : one),
    undefined,
  );
  const value = model && copyFor(model, input.own);
  if (!model || value === undefined)
    return {
      edits: [],
      refusals: [refuse('No list in it has an item for a helper that could be copied.')],
      there: false,
    };
  const result = insertSequenceItem(parsed.yaml, model.list, value, { after: model.index });
  if (!result.ok) return { edits: [], refusals: [result.refusal], there: false };
  return { edits: toEdits(path, [result.splice]), refusals: [], there: false };
}

/** The service's own items. */
export function ownedInYaml(path: string, input: RegistrationInput): OwnedPart[] {
  const parsed = parseYaml(input.text, path);
  if (!parsed.ok) return [];
  const found = registered(parsed.yaml, [...input.siblings, input.own]);
  return found
    .filter((one) => one.identity === input.own)
    .map(({ list, index }) => ({ kind: 'yaml', path, at: [...list, index] }));
}

function nearness(input: RegistrationInput, { identity }: Registered): number {
  return input.siblings.find((one) => one === identity)?.nearness ?? 0;
}

/** The items of the list that names the most helpers, one in each; of equals the outer one. */
function registered(yaml: ParsedYaml, identities: readonly Identity[]): Registered[] {
  const found: Registered[] = [];
  visit(yaml.document, {
    Seq(_, node, ancestors) {
      const list = pathOf(node as YAMLSeq.Parsed, ancestors);
      (node as YAMLSeq.Parsed).items.forEach((item, index) => {
        if (!isMap(item) || !item.range) return;
        const text = yaml.text.slice(item.range[0], item.range[1]);
        const identity = identities.filter((one) => one.helpers.some((name) => mentions(text, name)));
        if (identity.length === 1 && identity[0] && list)
          found.push({ list, index, node: item, identity: identity[0] });
      });
    },
  });
  const lists = [...new Set(found.map((one) => JSON.stringify(one.list)))].map((list) => {
    const items = found.filter((one) => JSON.stringify(one.list) === list);
    return { items, helpers: new Set(items.map((one) => one.identity)).size, depth: items[0]?.list.length ?? 0 };
  });
  lists.sort((a, b) => b.helpers - a.helpers || a.depth - b.depth);
  return lists[0]?.items ?? [];
}

function pathOf(node: YAMLSeq.Parsed, ancestors: readonly unknown[]): YamlPath | undefined {
  const path: (string | number)[] = [];
  const chain = [...ancestors, node];
  chain.forEach((one, index) => {
    const child = chain[index + 1];
    if (isSeq(one) && child !== undefined) path.push(one.items.indexOf(child));
    else if (typeof one === 'object' && one !== null && 'key' in one && isScalar(one.key))
      path.push(keyText(one.key as ParsedNode));
  });
  return path;
}

/** A sibling's item with the workload's names; a list of its DNS names is written anew. */
function copyFor({ node, identity }: Registered, own: Identity): YamlValue | undefined {
  const names = [...identity.helpers, identity.workload, ...identity.services];
  const value = copyNode(node, (text) =>
    rename(text, [
      ...identity.services.map((name): [string, string] => [name, own.services[0] ?? own.workload]),
      [identity.workload, own.workload],
      ...identity.helpers.map((name, index): [string, string] => [name, own.helpers[index] ?? own.helpers[0] ?? '']),
    ]),
  );
  if (value === undefined) return undefined;
  const known = new Set([...identity.services, identity.workload, ...identity.hosts]);
  const written = withDns(value, own, node, known);
  const left = names.filter((name) => ![...own.helpers, own.workload, ...own.services].includes(name));
  return left.some((name) => mentions(JSON.stringify(written), name)) ? undefined : written;
}

/** Puts the new names where the sibling's item has a list of nothing but its own. */
function withDns(value: YamlValue, own: Identity, node: ParsedNode | null, known: ReadonlySet<string>): YamlValue {
  if (isSeq(node) && node.items.length > 0) {
    const texts = node.items.map((item) => (isScalar(item) && typeof item.value === 'string' ? item.value : ''));
    const isDns = texts.every((text) => known.has(text) || [...known].some((name) => text.startsWith(`${name}.`)));
    const quoted = value instanceof Flow ? value.value : value;
    const first: unknown = Array.isArray(quoted) ? quoted[0] : undefined;
    const wanted = [...own.services, ...own.hosts].map((name) => (first instanceof Quoted ? new Quoted(name) : name));
    if (isDns) return value instanceof Flow ? new Flow(wanted) : wanted;
    return value;
  }
  if (!isMap(node) || value instanceof Flow || typeof value !== 'object' || value === null) return value;
  const children = new Map(node.items.map((pair) => [keyText(pair.key), pair.value]));
  return Object.fromEntries(
    Object.entries(value as Record<string, YamlValue>).map(([key, one]) => [
      key,
      withDns(one, own, children.get(key) ?? null, known),
    ]),
  );
}
