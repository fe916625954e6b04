/**
 * Writes new nodes as text in a learned style. Only for what is inserted: a whole file is never written again.
 */
import { needsQuotes, renderText } from './scalar';
import type { Style } from './style';

/** What can be written: plain values, and the few forms that a plain value cannot tell. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | Alias
  | Quoted
  | Flow
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** `*name`: a node that the file defines with `&name`. */
export class Alias {
  constructor(readonly name: string) {}
}

/** Text that stands in quotes even where it need not: port mappings, `["CMD", …]`. */
export class Quoted {
  constructor(readonly text: string) {}
}

/** A list or a map on one line. */
export class Flow {
  constructor(readonly value: readonly YamlValue[] | { readonly [key: string]: YamlValue }) {}
}

/** The lines of `key: value` with the key at a column, without line breaks. `inside` is the key that holds the map, for its values' quotes. */
export function renderEntry(key: string, value: YamlValue, indent: number, style: Style, inside = ''): string[] {
  const name = key === '<<' && isReference(value) ? key : renderText(key, { quote: style.quote });
  const body = renderBody(value, indent, key, style, inside);
  const margin = ' '.repeat(indent);
  return body.inline !== undefined
    ? [`${margin}${name}:${body.inline === '' ? '' : ` ${body.inline}`}`]
    : [`${margin}${name}:`, ...body.lines];
}

/** The lines of `- value` with the dash at a column, without line breaks. `field` is the list's key, for its items' quotes. */
export function renderItem(value: YamlValue, indent: number, field: string, style: Style): string[] {
  const dash = `${' '.repeat(indent)}-${' '.repeat(style.dashWidth - 1)}`;
  if (isBlockMap(value)) {
    const lines = Object.entries(value).flatMap(([key, child]) =>
      renderEntry(key, child, indent + style.dashWidth, style),
    );
    return lines.map((line, index) => (index === 0 ? dash + line.slice(indent + style.dashWidth) : line));
  }
  const inline = Array.isArray(value) ? new Flow(value as readonly YamlValue[]) : value;
  return [`${dash}${renderInline(inline, `${field}[]`, style, false)}`];
}

/** A value as text with line feeds, its first column 0: for people, and for tests of the renderer itself. */
export function renderYaml(value: YamlValue, style: Style): string {
  const body = renderBody(value, -style.mapIndent, '', { ...style, sequenceIndent: style.mapIndent });
  return body.inline ?? body.lines.join('\n');
}

function renderBody(
  value: YamlValue,
  indent: number,
  field: string,
  style: Style,
  inside = '',
): { inline: string; lines?: undefined } | { inline?: undefined; lines: string[] } {
  if (value === null) return { inline: '' };
  if (Array.isArray(value) && value.length > 0) {
    const items = value as readonly YamlValue[];
    return { lines: items.flatMap((item) => renderItem(item, indent + style.sequenceIndent, field, style)) };
  }
  if (isBlockMap(value)) {
    const lines = Object.entries(value).flatMap(([key, child]) =>
      renderEntry(key, child, indent + style.mapIndent, style, field),
    );
    return { lines };
  }
  return { inline: renderInline(value, field, style, false, inside) };
}

function renderInline(value: YamlValue, field: string, style: Style, inFlow: boolean, inside = ''): string {
  if (value === null) return 'null';
  if (typeof value === 'string')
    return renderText(value, {
      quote: style.quote,
      always: style.quotedFields.get(field) ?? style.quotedFields.get(`${inside}.*`) ?? false,
      inFlow,
    });
  if (typeof value !== 'object') return String(value);
  if (value instanceof Alias) return `*${value.name}`;
  if (value instanceof Quoted) return renderText(value.text, { quote: style.quote, always: true });
  const collection = value instanceof Flow ? value.value : value;
  if (Array.isArray(collection)) {
    const items = (collection as readonly YamlValue[]).map((item) => renderInline(item, `${field}[]`, style, true));
    const pad = style.paddedLists && items.length > 0 ? ' ' : '';
    return `[${pad}${items.join(', ')}${pad}]`;
  }
  const pairs = Object.entries(collection as Record<string, YamlValue>).map(([key, item]) => {
    const name =
      key === '<<' && isReference(item)
        ? key
        : needsQuotes(key, true)
          ? renderText(key, { quote: style.quote, always: true })
          : key;
    return `${name}: ${renderInline(item, key, style, true, field)}`;
  });
  const pad = style.paddedMaps && pairs.length > 0 ? ' ' : '';
  return `{${pad}${pairs.join(', ')}${pad}}`;
}

function isReference(value: YamlValue): boolean {
  const items = value instanceof Flow ? value.value : value;
  return items instanceof Alias || (Array.isArray(items) && items.every((item) => item instanceof Alias));
}

function isBlockMap(value: YamlValue): value is { readonly [key: string]: YamlValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Alias || value instanceof Quoted || value instanceof Flow) &&
    Object.keys(value).length > 0
  );
}
