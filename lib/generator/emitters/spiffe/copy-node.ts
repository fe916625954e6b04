/** A node of a hand-kept file as a value to write again beside it: quotes, flow lists and aliases as they stand, names put in. */
import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { keyText } from '../../yaml/locate';
import { Alias, Flow, Quoted, type YamlValue } from '../../yaml/render';

/**
 * The node with each text and key put through `name`. Comments and anchors of the node stay where they are.
 * @returns undefined where it holds what cannot be written again alike: a block scalar, a tag, a number in an unusual spelling.
 */
export function copyNode(node: ParsedNode | null, name: (text: string) => string): YamlValue | undefined {
  if (node === null) return null;
  if (isAlias(node)) return new Alias(node.source);
  if (node.tag !== undefined) return undefined;
  if (isScalar(node)) return copyScalar(node, name);
  if (isSeq(node)) {
    const items = node.items.map((item) => copyNode(item, name));
    if (!items.every((item) => item !== undefined)) return undefined;
    return node.flow === true ? new Flow(items) : items;
  }
  if (!isMap(node)) return undefined;
  const entries: [string, YamlValue][] = [];
  for (const pair of node.items) {
    const value = copyNode(pair.value, name);
    if (value === undefined || !isScalar(pair.key)) return undefined;
    entries.push([name(keyText(pair.key)), value]);
  }
  const map = Object.fromEntries(entries);
  return node.flow === true ? new Flow(map) : map;
}

function copyScalar(node: ParsedNode & { value: unknown }, name: (text: string) => string): YamlValue | undefined {
  if (!isScalar(node)) return undefined;
  const { value, source = '', type } = node;
  if (value === null) return source === '' ? null : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value) === source ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (type === 'PLAIN') return name(value);
  return type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? new Quoted(name(value)) : undefined;
}
