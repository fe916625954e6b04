/**
 * Parses YAML that people keep by hand, or says why the file had better be left alone. Parsed documents are kept by text, because a
 * preview parses the same files again at every key stroke.
 */
import {
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type ParsedNode,
  type YAMLError,
} from 'yaml';
import type { Refusal } from '../types';
import { expandedSize, MOST_NODES } from './expanded-size';
import { parseInserted, parseOptions, type ParsedText } from './parse-inserted';

/** A parsed file: positions in `document` count UTF-16 units in `text`. */
export interface ParsedYaml {
  readonly path: string;
  readonly text: string;
  readonly document: Document.Parsed<ParsedNode>;
  /** The line, counted from 1, that holds an offset. */
  lineOf(offset: number): number;
  /** The document as plain values, aliases and merge keys resolved. The same object every time: do not change it. */
  toJs(): unknown;
}

export type ParseResult = { ok: true; yaml: ParsedYaml } | { ok: false; refusal: Refusal };

type Shared = { ok: true; value: ParsedText } | { ok: false; reason: string; line: number };

const CACHED_FILES = 512;
const CACHED_CHARACTERS = 3_000_000;
const cache = new Map<string, Shared>();
let cachedCharacters = 0;

/**
 * Parses one YAML document.
 * @returns the document, or a refusal with line and reason: it does not parse, has a duplicate key, several documents, tabs for
 * indentation, or is a Go template ("The law of the edit", rule 5). Never throws.
 */
export function parseYaml(text: string, path: string): ParseResult {
  const shared = cache.get(text) ?? remember(text, parse(text));
  if (cache.has(text)) {
    cache.delete(text);
    cache.set(text, shared);
  }
  if (!shared.ok) return { ok: false, refusal: { path, line: shared.line, reason: shared.reason } };
  return { ok: true, yaml: { path, ...shared.value } };
}

/** Why a text had better be left alone, whatever is known of it: it is read from end to end, for whoever checks the work of others. */
export function parseWhole(text: string, path: string): Refusal | undefined {
  const parsed = parse(text);
  return parsed.ok ? undefined : { path, line: parsed.line, reason: parsed.reason };
}

/** Whole lines that stand in a text now and did not before: where the first of them starts in the old text. */
export interface InsertedLines {
  at: number;
  text: string;
}

/**
 * Parses what a parsed text has become by added lines, with no more work than they are worth: the same result as {@link parseYaml} on the new text.
 * @param inserted in the order of their places, all of them; `text` is the old text with these and nothing else.
 */
export function parseYamlWith(old: ParsedYaml, inserted: readonly InsertedLines[], text: string): ParseResult {
  if (!cache.has(text)) {
    let value: ParsedText | undefined = old;
    // From the end, so that the places in front stay what they are.
    for (const { at, text: lines } of [...inserted].reverse()) value = value && parseInserted(value, at, lines);
    if (value?.text === text) remember(text, { ok: true, value });
  }
  return parseYaml(text, old.path);
}

function remember(text: string, parsed: Shared): Shared {
  if (text.length > CACHED_CHARACTERS / 4) return parsed;
  cache.set(text, parsed);
  cachedCharacters += text.length;
  for (const oldest of cache.keys()) {
    if (cache.size <= CACHED_FILES && cachedCharacters <= CACHED_CHARACTERS) break;
    cache.delete(oldest);
    cachedCharacters -= oldest.length;
  }
  return parsed;
}

function parse(text: string): Shared {
  const counter = new LineCounter();
  const lineOf = (offset: number): number => counter.linePos(offset).line;
  const refuse = (reason: string, line: number): Shared => ({ ok: false, reason, line });
  const control = text.search(/\{\{-?\s*(?:if|range|with|end|else|define|template|block|include)\b/);
  const document = parseDocument(text, { ...parseOptions, lineCounter: counter });
  const error = document.errors.at(0);
  const jinja = text.search(error ? /\{%-?\s*\w/ : /^[ \t]*#[^\n]*\{%-?\s*(?:if|for|set|raw|macro|block|include)\b/m);
  if (jinja !== -1 && error?.code !== 'DUPLICATE_KEY')
    return refuse('A Jinja template: what it says is known only when it is rendered.', lineOf(jinja));
  if (error) {
    const template = control === -1 ? text.indexOf('{{') : control;
    if (template !== -1 && error.code !== 'DUPLICATE_KEY' && standsOutsideQuotes(text, template))
      return refuse('A Go template: what it says is known only when it is rendered.', lineOf(template));
    return refuse(explain(error, text), lineOf(error.pos[0]));
  }
  const template = findTemplate(document, text);
  if (template !== undefined)
    return refuse('A Go template: what it says is known only when it is rendered.', lineOf(template));
  // Values are walked and compared: what a few anchors unfold to must stay within what a machine can walk.
  if (text.includes('&') && expandedSize(document) > MOST_NODES)
    return refuse('Its anchors unfold to more than anybody keeps by hand: it is not read.', 1);
  let plain: { value: unknown } | undefined;
  try {
    plain = { value: document.toJS({ maxAliasCount: -1 }) };
  } catch (cause) {
    return refuse(`Its anchors cannot be resolved: ${cause instanceof Error ? cause.message : String(cause)}.`, 1);
  }
  const value = plain.value;
  return { ok: true, value: { text, document: document, lineOf, toJs: () => value } };
}

/** Whether `{{` at `offset` is not merely part of a quoted value or a comment on its line. */
function standsOutsideQuotes(text: string, offset: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*(?:#.*|- *|[\w.-]+:\s*)?$/.test(before);
}

/** Offset of a `{{ … }}` that YAML reads as a map with a map for a key, or of a template's control word in a comment. */
function findTemplate(document: ReturnType<typeof parseDocument>, text: string): number | undefined {
  if (!text.includes('{{')) return undefined;
  let found: number | undefined;
  visit(document, {
    Map: (_, map) => {
      const key = map.items.at(0)?.key;
      if (map.flow && isMap(key) && key.flow && map.range && !map.items.at(0)?.value) found = map.range[0];
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  if (found !== undefined) return found;
  const control = /^[ \t]*#[^\n]*\{\{-?\s*(?:if|range|with|end|else|define|template|block)\b/m.exec(text);
  if (!control) return undefined;
  return insideScalar(document, control.index) ? undefined : control.index;
}

function insideScalar(document: ReturnType<typeof parseDocument>, offset: number): boolean {
  let inside = false;
  visit(document, {
    Scalar: (_, node) => {
      if (isScalar(node) && node.range && node.range[0] < offset && offset < node.range[1]) inside = true;
      return inside ? visit.BREAK : undefined;
    },
  });
  return inside;
}

function explain(error: YAMLError, text: string): string {
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const key = /^[^:\r\n]*/.exec(text.slice(error.pos[0]))?.[0].trim() ?? '';
      return `The key ${key} stands twice in one map: readers disagree on which one counts.`;
    }
    case 'MULTIPLE_DOCS':
      return 'Several YAML documents in one file: it is not clear which one to edit.';
    case 'TAB_AS_INDENT':
      return 'A tab where YAML wants spaces for indentation.';
    default:
      return `It does not parse: ${error.message.replace(/\s+/g, ' ').trim()}.`.replace(/\.\.$/, '.');
  }
}
