/**
 * Blocks, the paragraphs of a page: reading those that a request brings, with their children, into the stored form.
 */
import { failedValidation, invalid } from './notion-error';
import { readArray, readBoolean, readNumber, readObject, readString, type JsonObject } from './reading';
import { readColor, readRichText } from './rich-text';

export interface NewBlock {
  type: string;
  content: JsonObject;
  children: NewBlock[];
}

/** Notion takes two levels of children below a block in one request. */
const MAX_DEPTH = 2;

const LANGUAGES = new Set(
  (
    'abap|abc|agda|arduino|ascii art|assembly|bash|basic|bnf|c|c#|c++|clojure|coffeescript|coq|css|dart|dhall|diff|docker|ebnf|elixir|' +
    'elm|erlang|f#|flow|fortran|gherkin|glsl|go|graphql|groovy|haskell|hcl|html|idris|java|javascript|json|julia|kotlin|latex|less|lisp|' +
    'livescript|llvm ir|lua|makefile|markdown|markup|matlab|mathematica|mermaid|nix|notion formula|objective-c|ocaml|pascal|perl|php|' +
    'plain text|powershell|prolog|protobuf|purescript|python|r|racket|reason|ruby|rust|sass|scala|scheme|scss|shell|smalltalk|solidity|' +
    'sql|swift|toml|typescript|vb.net|verilog|vhdl|visual basic|webassembly|xml|yaml|java/c/c++/c#'
  ).split('|'),
);

const textAndColor = (content: JsonObject, path: string) => ({
  rich_text: readRichText(content.rich_text, `${path}.rich_text`),
  color: readColor(content.color, `${path}.color`),
});

function readLanguage(value: unknown, path: string): string {
  const language = value === undefined ? 'plain text' : readString(value, path);
  if (!LANGUAGES.has(language)) throw failedValidation(path, 'a language that Notion knows', language);
  return language;
}

const optionalBoolean = (value: unknown, path: string) => (value === undefined ? false : readBoolean(value, path));

/** For each kind of block: what stands under its type, completed as Notion answers it. */
const readers: Record<string, (content: JsonObject, path: string) => JsonObject> = {
  paragraph: (content, path) => ({ ...textAndColor(content, path), icon: null }),
  heading_1: (content, path) => ({ ...textAndColor(content, path), is_toggleable: false }),
  heading_2: (content, path) => ({ ...textAndColor(content, path), is_toggleable: false }),
  heading_3: (content, path) => ({ ...textAndColor(content, path), is_toggleable: false }),
  bulleted_list_item: textAndColor,
  numbered_list_item: textAndColor,
  toggle: textAndColor,
  quote: textAndColor,
  to_do: (content, path) => ({
    ...textAndColor(content, path),
    checked: optionalBoolean(content.checked, `${path}.checked`),
  }),
  callout: (content, path) => ({ ...textAndColor(content, path), icon: null }),
  divider: () => ({}),
  bookmark: (content, path) => ({
    url: readString(content.url, `${path}.url`, { min: 1 }),
    caption: content.caption === undefined ? [] : readRichText(content.caption, `${path}.caption`),
  }),
  code: (content, path) => ({
    rich_text: readRichText(content.rich_text, `${path}.rich_text`),
    caption: content.caption === undefined ? [] : readRichText(content.caption, `${path}.caption`),
    language: readLanguage(content.language, `${path}.language`),
  }),
  table: (content, path) => ({
    table_width: readNumber(content.table_width, `${path}.table_width`),
    has_column_header: optionalBoolean(content.has_column_header, `${path}.has_column_header`),
    has_row_header: optionalBoolean(content.has_row_header, `${path}.has_row_header`),
  }),
  table_row: (content, path) => ({
    cells: readArray(content.cells, `${path}.cells`).map((cell, index) =>
      readRichText(cell, `${path}.cells[${index}]`),
    ),
  }),
};

const WITH_CHILDREN = new Set([
  'paragraph',
  'bulleted_list_item',
  'numbered_list_item',
  'toggle',
  'quote',
  'to_do',
  'callout',
  'table',
]);

/** Whether blocks of this type may have children. */
export function takesChildren(type: string): boolean {
  return WITH_CHILDREN.has(type);
}

/** Reads what stands under a block's type. @throws {NotionError} for a type that the stand-in does not offer. */
export function readBlockContent(type: string, value: unknown, path: string): JsonObject {
  const read = readers[type];
  if (read === undefined) throw invalid(`${path}: the local stand-in offers no block of type ${type}.`);
  return read(readObject(value, path), path);
}

function readBlock(value: unknown, path: string, depth: number): NewBlock {
  const given = readObject(value, path);
  const type =
    given.type === undefined
      ? Object.keys(given).find((key) => key in readers)
      : readString(given.type, `${path}.type`);
  if (type === undefined || !(type in given)) throw failedValidation(`${path}.${type ?? 'type'}`, 'defined', undefined);
  const content = readObject(given[type], `${path}.${type}`);
  const at = `${path}.${type}.children`;
  const children = content.children === undefined ? [] : readArray(content.children, at);
  if (children.length > 0 && depth >= MAX_DEPTH) throw failedValidation(at, 'not present', children);
  if (children.length > 0 && !takesChildren(type)) throw invalid(`Block of type ${type} does not support children.`);
  const block: NewBlock = {
    type,
    content: readBlockContent(type, content, `${path}.${type}`),
    children: children.map((child, index) => readBlock(child, `${at}[${index}]`, depth + 1)),
  };
  if (type === 'table') {
    if (block.children.length === 0) throw failedValidation(`${at}.length`, '≥ `1`', 0);
    const width = block.content.table_width;
    for (const row of block.children) {
      const cells = row.content.cells;
      if (row.type !== 'table_row' || !Array.isArray(cells) || cells.length !== width) {
        throw invalid(
          'Content creation Failed. Fix: \nNumber of cells in table row must match the table width of the parent table',
        );
      }
    }
  }
  return block;
}

/** Reads the `children` of a request: at most 100 blocks, two levels below them. */
export function readBlocks(value: unknown, path: string): NewBlock[] {
  return readArray(value, path).map((block, index) => readBlock(block, `${path}[${index}]`, 0));
}
