/** Parses JSON with the offsets of every node, so that an addition can stand between two of them. Strict: what JSON.parse refuses is refused. */
import type { Refusal } from '../types';

export type JsonNode =
  | { kind: 'object'; start: number; end: number; entries: { key: string; start: number; value: JsonNode }[] }
  | { kind: 'array'; start: number; end: number; items: JsonNode[] }
  | { kind: 'scalar'; start: number; end: number; value: string | number | boolean | null };

export interface ParsedJson {
  readonly path: string;
  readonly text: string;
  readonly root: JsonNode;
  /** The document as plain values. */
  readonly value: unknown;
}

export type JsonPath = readonly (string | number)[];

/**
 * Parses a JSON text; a byte-order mark in front is not part of it.
 * @returns the document, or why it had better be left alone: it does not parse, or says a key twice. Never throws.
 */
export function parseJson(
  text: string,
  path: string,
): { ok: true; json: ParsedJson } | { ok: false; refusal: Refusal } {
  const from = text.startsWith('\ufeff') ? 1 : 0;
  try {
    const value: unknown = JSON.parse(text.slice(from));
    const reader = new Reader(text, from);
    return { ok: true, json: { path, text, root: reader.read(), value } };
  } catch (error) {
    const reason = error instanceof DuplicateKey ? error.message : 'It is not valid JSON.';
    const line = error instanceof DuplicateKey ? lineOf(text, error.offset) : 1;
    return { ok: false, refusal: { path, line, reason } };
  }
}

/** The node at a path; undefined where there is none. */
export function jsonNodeAt(root: JsonNode, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'array' && typeof step === 'number') node = node.items[step];
    else if (node?.kind === 'object') node = node.entries.find((entry) => entry.key === step)?.value;
    else return undefined;
  }
  return node;
}

/** The line, counted from 1, that holds an offset. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

class DuplicateKey extends Error {
  constructor(
    key: string,
    readonly offset: number,
  ) {
    super(`The key ${JSON.stringify(key)} stands there twice.`);
  }
}

/** Walks a text that JSON.parse has accepted already. */
class Reader {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  read(): JsonNode {
    this.space();
    const start = this.at;
    const first = this.text[start];
    if (first === '{') return this.object(start);
    if (first === '[') return this.array(start);
    const source = first === '"' ? this.string() : this.word();
    return { kind: 'scalar', start, end: this.at, value: JSON.parse(source) as string | number | boolean | null };
  }

  private object(start: number): JsonNode {
    const entries: Extract<JsonNode, { kind: 'object' }>['entries'] = [];
    const keys = new Set<string>();
    for (this.at += 1; this.next() !== '}';) {
      const keyStart = this.at;
      const key = JSON.parse(this.string()) as string;
      if (keys.has(key)) throw new DuplicateKey(key, keyStart);
      keys.add(key);
      this.space();
      this.at += 1;
      entries.push({ key, start: keyStart, value: this.read() });
      if (this.next() === ',') this.at += 1;
    }
    this.at += 1;
    return { kind: 'object', start, end: this.at, entries };
  }

  private array(start: number): JsonNode {
    const items: JsonNode[] = [];
    for (this.at += 1; this.next() !== ']';) {
      items.push(this.read());
      if (this.next() === ',') this.at += 1;
    }
    this.at += 1;
    return { kind: 'array', start, end: this.at, items };
  }

  private string(): string {
    const start = this.at;
    for (this.at += 1; this.text[this.at] !== '"'; this.at += 1) if (this.text[this.at] === '\\') this.at += 1;
    this.at += 1;
    return this.text.slice(start, this.at);
  }

  private word(): string {
    const start = this.at;
    while (/[\w.+-]/.test(this.text[this.at] ?? '')) this.at += 1;
    return this.text.slice(start, this.at);
  }

  private next(): string | undefined {
    this.space();
    return this.text[this.at];
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}
