/** What a new entry is made to look like: the neighbour's node, and the style of the text around it. */
import { isMap, isSeq, type ParsedNode } from 'yaml';
import { keyText } from '../../yaml/locate';
import { Quoted, type YamlValue } from '../../yaml/render';
import type { Style } from '../../yaml/style';

export interface Model {
  node?: ParsedNode | undefined;
  style: Style;
}

/** The value under a key of a map; undefined where there is none. */
export function childOf(node: ParsedNode | undefined, key: string): ParsedNode | null | undefined {
  return isMap(node) ? node.items.find((pair) => keyText(pair.key) === key)?.value : undefined;
}

/** Whether a list stands on one line. */
export function isFlow(node: ParsedNode | null | undefined): boolean {
  return isSeq(node) && node.flow === true;
}

/** Rules and addresses stand in quotes unless the file leaves them plain. */
export function textIn(style: Style, field: string, text: string): YamlValue {
  return style.quotedFields.get(field) === false ? text : new Quoted(text);
}
