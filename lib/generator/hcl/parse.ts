/**
 * Reads HCL as people write it in configuration files: `key = literal`, lists, objects and plain blocks. Strict: what both generations of HCL do
 * not read alike (interpolation, here-documents, hexadecimal numbers, a key twice, two attributes on a line) is refused with its line.
 */

export type HclValue = string | boolean | number | HclValue[] | HclBody;

export interface HclAttribute {
  key: string;
  value: HclValue;
  /** The value as it is written. */
  raw: string;
  /** Line of the key, counted from 1. */
  line: number;
  /** Offsets of the attribute from its key to the end of its value. */
  start: number;
  end: number;
}

/** Attributes in the order of the file; a block is an attribute whose value is a body. */
export interface HclBody {
  attributes: HclAttribute[];
}

export type ParsedHcl = { ok: true; body: HclBody } | { ok: false; line: number; reason: string };

/** Reads a file. Nothing is thrown: what cannot be read comes back with its line, counted from 1. */
export function parseHcl(text: string): ParsedHcl {
  try {
    return { ok: true, body: new Parser(text).file() };
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    return { ok: false, line: lineOf(text, error.offset), reason: error.message };
  }
}

/** The value of a key at the top of a file; undefined where it is not there. */
export function hclValue(body: HclBody, key: string): HclValue | undefined {
  return body.attributes.find((attribute) => attribute.key === key)?.value;
}

class HclError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const BLANKS = /(?:[ \t]|\/\*(?:[^*]|\*(?!\/))*\*\/)*/y;
const REST_OF_LINE = /(?:[ \t]|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:(?:#|\/\/)[^\n]*)?(?:\r?\n|$)/y;
const BLANK_LINES = /(?:[ \t]|\r?\n|\/\*(?:[^*]|\*(?!\/))*\*\/|(?:#|\/\/)[^\n]*(?:\n|$))*/y;
const KEY = /[A-Za-z_][A-Za-z0-9_-]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])/y;
const WORD = /[A-Za-z_][A-Za-z0-9_-]*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  file(): HclBody {
    const carriage = this.text.search(/\r(?!\n)/);
    if (carriage !== -1) throw new HclError('A carriage return without a line feed stands here.', carriage);
    const attributes: HclAttribute[] = [];
    for (this.take(BLANK_LINES); this.at < this.text.length; this.take(BLANK_LINES))
      attributes.push(this.line(attributes, ''));
    return { attributes };
  }

  /** An attribute or a block, and the end of its line. */
  private line(known: readonly HclAttribute[], close: string): HclAttribute {
    const attribute = this.attribute(known, true);
    if (this.take(REST_OF_LINE) === undefined)
      throw new HclError(`Something stands behind the value on its line${close}.`, this.at);
    return attribute;
  }

  private attribute(known: readonly HclAttribute[], orBlock: boolean): HclAttribute {
    const start = this.at;
    const key = this.take(KEY);
    if (key === undefined) throw new HclError('A key is missing here.', start);
    if (known.some((one) => one.key === key)) throw new HclError(`${key} is there twice.`, start);
    this.take(BLANKS);
    const from = this.at;
    if (this.text[from] !== '=' && !(orBlock && this.text[from] === '{'))
      throw new HclError(`There is no = behind ${key}.`, start);
    if (this.text[from] === '=') {
      this.at += 1;
      this.take(BLANKS);
    }
    const first = this.at;
    const value = first === from ? this.block() : this.value();
    return { key, value, raw: this.text.slice(first, this.at), line: lineOf(this.text, start), start, end: this.at };
  }

  /** `{`, a line for each attribute, `}`; or one attribute between the braces on one line. */
  private block(): HclBody {
    const opened = this.at;
    const attributes: HclAttribute[] = [];
    this.at += 1;
    if (this.take(REST_OF_LINE) === undefined) {
      this.take(BLANKS);
      if (this.text[this.at] !== '}') attributes.push(this.attribute(attributes, false));
      this.take(BLANKS);
    } else {
      for (this.take(BLANK_LINES); /[^}]/.test(this.text[this.at] ?? ''); this.take(BLANK_LINES))
        attributes.push(this.line(attributes, ', or its block does not close'));
    }
    if (this.text[this.at] !== '}') throw new HclError('The block that opens here does not close.', opened);
    this.at += 1;
    return { attributes };
  }

  private value(): HclValue {
    const start = this.at;
    const character = this.text[start];
    if (character === '"') return this.quoted();
    if (character === '[') return this.list();
    if (character === '{') return this.object();
    const number = this.take(NUMBER);
    // A leading zero makes a file mode of it, which HCL 1 and the helper read as octal.
    if (number !== undefined) return /^-?0\d+$/.test(number) ? Number.parseInt(number, 8) : Number(number);
    const word = this.take(WORD);
    if (word === 'true' || word === 'false') return word === 'true';
    throw new HclError('The value is no text in double quotes, number, true, false, list or object.', start);
  }

  private quoted(): string {
    const opened = this.at;
    let value = '';
    for (this.at += 1; this.text[this.at] !== '"';) {
      const character = this.text[this.at];
      if (character === undefined || character === '\n') throw new HclError('The quotation does not close.', opened);
      if (/^[$%]\{/.test(this.text.slice(this.at, this.at + 2)))
        throw new HclError('Interpolation is not a plain value.', this.at);
      if (character !== '\\') {
        value += character;
        this.at += 1;
        continue;
      }
      const unicode = /^(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(this.text.slice(this.at + 1, this.at + 10));
      const code = Number.parseInt(unicode?.[1] ?? unicode?.[2] ?? '', 16);
      const known = ESCAPES[this.text[this.at + 1] ?? ''];
      if (known === undefined && !(code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)))
        throw new HclError('There is no such escape.', this.at);
      value += known ?? String.fromCodePoint(code);
      this.at += 1 + (known === undefined ? (unicode?.[0].length ?? 1) : 1);
    }
    this.at += 1;
    return value;
  }

  private list(): HclValue[] {
    const opened = this.at;
    const items: HclValue[] = [];
    this.at += 1;
    for (;;) {
      this.take(BLANK_LINES);
      if (this.text[this.at] === ']') break;
      items.push(this.value());
      this.take(BLANK_LINES);
      if (this.text[this.at] === ',') this.at += 1;
      else if (this.text[this.at] !== ']') throw new HclError('The list that opens here does not close.', opened);
    }
    this.at += 1;
    return items;
  }

  /** `{ a = 1, b = 2 }`, or a line for each. */
  private object(): HclBody {
    const opened = this.at;
    const attributes: HclAttribute[] = [];
    this.at += 1;
    for (;;) {
      this.take(BLANK_LINES);
      if (this.text[this.at] === '}') break;
      attributes.push(this.attribute(attributes, false));
      this.take(BLANKS);
      if (this.text[this.at] === ',') this.at += 1;
      else if (this.text[this.at] !== '}' && this.take(REST_OF_LINE) === undefined)
        throw new HclError('The object that opens here does not close.', opened);
      else if (this.at >= this.text.length) throw new HclError('The object that opens here does not close.', opened);
    }
    this.at += 1;
    return { attributes };
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) return undefined;
    this.at += match[0].length;
    return match[0];
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
