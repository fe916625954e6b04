/**
 * Adds an element to an array, or a key to an object, of a JSON file that people keep, as whole lines. JSON wants a comma behind every element but
 * the last: the new one goes in front of one that is there, so that no line changes.
 */
import type { Refusal } from '../types';
import { lineBreak, lineEnd, lineStart } from '../yaml/lines';
import { jsonNodeAt, lineOf, type JsonNode, type JsonPath, type ParsedJson } from './parse';

export type JsonInsertion = { ok: true; offset: number; text: string } | { ok: false; refusal: Refusal };

/** An element or an entry: its value alone, or its key and value. */
interface Child {
  start: number;
  value: JsonNode;
}

/**
 * Adds an element to the array at `path`.
 * @param before index of the element to stand in front of; the last where absent.
 * @returns the text to insert, or a refusal with the text to paste: the array is empty, or not one line for each element.
 */
export function insertElement(json: ParsedJson, path: JsonPath, value: unknown, before?: number): JsonInsertion {
  const node = jsonNodeAt(json.root, path);
  const children = node?.kind === 'array' ? node.items.map((item): Child => ({ start: item.start, value: item })) : [];
  return insert(json, path, node, children, before, (step) => render(value, step));
}

/** Adds `key: value` to the object at `path`; see {@link insertElement}. */
export function insertEntry(
  json: ParsedJson,
  path: JsonPath,
  key: string,
  value: unknown,
  before?: number,
): JsonInsertion {
  const node = jsonNodeAt(json.root, path);
  const children = node?.kind === 'object' ? node.entries : [];
  if (node?.kind === 'object' && node.entries.some((entry) => entry.key === key))
    return refuse(json, path, node, `${key} is there already.`, `${JSON.stringify(key)}: ${render(value, '  ')}`);
  return insert(json, path, node, children, before, (step) => `${JSON.stringify(key)}: ${render(value, step)}`);
}

/** The whole lines of a child, its comma among them; undefined where it cannot be taken out alone: it is the last, or shares a line. */
export function linesOfChild(json: ParsedJson, path: JsonPath): { start: number; end: number } | undefined {
  const parent = jsonNodeAt(json.root, path.slice(0, -1));
  const last = path.at(-1);
  const children: readonly Child[] =
    parent?.kind === 'array'
      ? parent.items.map((item) => ({ start: item.start, value: item }))
      : parent?.kind === 'object'
        ? parent.entries
        : [];
  const index =
    parent?.kind === 'object'
      ? parent.entries.findIndex((entry) => entry.key === last)
      : typeof last === 'number'
        ? last
        : -1;
  const child = children[index];
  if (!child || index === children.length - 1) return undefined;
  const start = lineStart(json.text, child.start);
  const end = lineEnd(json.text, child.value.end);
  const alone =
    json.text.slice(start, child.start).trim() === '' && /^,[ \t]*\r?\n$/.test(json.text.slice(child.value.end, end));
  return alone ? { start, end } : undefined;
}

/** How far a level is indented, from the first nested line; two spaces where nothing shows it. */
export function indentOf(text: string): string {
  return /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
}

function insert(
  json: ParsedJson,
  path: JsonPath,
  node: JsonNode | undefined,
  children: readonly Child[],
  before: number | undefined,
  write: (step: string) => string,
): JsonInsertion {
  const { text } = json;
  const step = indentOf(text);
  const where = children[before ?? children.length - 1];
  if (!where)
    return refuse(json, path, node, 'It is empty or not there: to add to it is to rewrite its line.', write(step));
  const start = lineStart(text, where.start);
  const indent = text.slice(start, where.start);
  if (indent.trim() !== '')
    return refuse(json, path, node, 'Its elements share lines: to add one is to rewrite a line.', write(step));
  const oneLine =
    children.length > 1 && children.every((child) => !text.slice(child.start, child.value.end).includes('\n'));
  const newline = lineBreak(text, start);
  const lines = (oneLine ? inline(write(step), text.slice(where.start, where.value.end)) : write(step)).split('\n');
  const written = lines.map((line) => `${indent}${line}`).join(newline);
  return { ok: true, offset: start, text: `${written},${newline}` };
}

/** On one line, spaced as the neighbour is: `{ "a": 1 }` or `{"a": 1}`, `{"a":1}`; `[ 1 ]` or `[1]`. */
function inline(pretty: string, neighbour: string): string {
  const flat = pretty
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
  const pads = { '{': /\{ +"/.test(neighbour), '[': /\[ +[^\s\]]/.test(neighbour) };
  const tight = /^\{\s*"[^"]*":\S/.test(neighbour);
  // Texts are passed over: what looks like a bracket in one is none.
  return flat.replace(
    /("(?:[^"\\]|\\.)*")|([{[]) |\s([}\]])|([:,]) /g,
    (whole, text?: string, open?: string, close?: string, mark?: string) => {
      if (text !== undefined) return text;
      if (open !== undefined) return pads[open === '{' ? '{' : '['] ? whole : open;
      if (close !== undefined) return pads[close === '}' ? '{' : '['] ? whole : close;
      return tight ? (mark ?? whole) : whole;
    },
  );
}

function render(value: unknown, step: string): string {
  return JSON.stringify(value, undefined, step);
}

function refuse(
  json: ParsedJson,
  path: JsonPath,
  node: JsonNode | undefined,
  reason: string,
  text: string,
): JsonInsertion {
  const under = path.length === 0 ? 'the top level' : path.join('.');
  return {
    ok: false,
    refusal: {
      path: json.path,
      line: lineOf(json.text, node?.start ?? 0),
      reason: `${under}: ${reason}`,
      paste: { under, text: `${text}\n` },
    },
  };
}
