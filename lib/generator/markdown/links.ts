/**
 * Links as a Markdown file writes them: which there are, where they lead, and how the file would write one more. Files of one repository differ:
 * from the root, from the file's own folder, with a slash in front, as a page of a wiki.
 */
import { markdownTarget } from '../markdown-text';
import type { Tree } from '../types';

/** A link to something in the repository: `[text](target)` or `[[target]]`, `[[target|text]]`. */
export interface MarkdownLink {
  form: 'inline' | 'wiki';
  text: string;
  target: string;
  /** Offset in the text that was searched. */
  start: number;
  end: number;
}

/** How targets are written. `root`: from the repository's root; `slash`: the same with a slash in front; `file`: from the file's folder. */
export interface LinkStyle {
  form: 'inline' | 'wiki';
  base: 'root' | 'slash' | 'file' | 'url';
  /** `./` in front of targets next to the file. */
  dot: boolean;
  /** Without `.md`, as wikis link their pages. */
  bare: boolean;
  /** What stands in front of the path where links are whole addresses. */
  prefix: string;
  /** In wiki links, which side of the bar the page is on. */
  pageFirst: boolean;
}

const ENDING = /\.(?:md|markdown)$/i;
const INLINE =
  /!?\[((?:[^\][\\]|\\.|\[[^\]]*\])*)\]\(\s*(?:<([^<>\n]*)>|([^\s()]*(?:\([^\s()]*\)[^\s()]*)*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g;
const WIKI = /\[\[([^\]|\n]+)(?:\|([^\]\n]+))?\]\]/g;

/** The links of a text, in its order. Those in code spans are examples and left out. */
export function linksIn(text: string): MarkdownLink[] {
  const plain = text.replace(/(?<![`\\])(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, (code, _ticks, offset: number) =>
    // A code span may be a link's text; only a link inside one is no link.
    text[offset - 1] === '[' ? code.replace(/[[\]()]/g, ' ') : ' '.repeat(code.length),
  );
  const found: MarkdownLink[] = [];
  for (const match of plain.matchAll(INLINE)) {
    if (match[0].startsWith('!')) continue;
    const source = text.slice(match.index, match.index + match[0].length);
    found.push({
      form: 'inline',
      text: source.slice(1, 1 + (match[1] ?? '').length),
      target: match[2] ?? match[3] ?? '',
      start: match.index,
      end: match.index + source.length,
    });
  }
  for (const match of plain.matchAll(WIKI)) {
    const [whole, first = '', second] = match;
    found.push({
      form: 'wiki',
      text: (second ?? first).trim(),
      target: first.trim(),
      start: match.index,
      end: match.index + whole.length,
    });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Where a target in the file at `from` may lead, as paths of the repository: from the file's folder first, then from the root. */
export function pathsOf(target: string, from: string): string[] {
  const bare = decode(target.replace(/[#?].*$/, ''));
  if (bare === '' || /^[a-z][a-z0-9+.-]*:|^\/\//i.test(bare)) return [];
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
  const candidates = bare.startsWith('/') ? [normal(bare)] : [normal(`${folder}/${bare}`), normal(bare)];
  return [...new Set(candidates.flatMap((path) => path ?? []))];
}

/** Whether a path is a file or a folder of the tree; `page` stands for `page.md` too. */
export function leadsTo(tree: Pick<Tree, 'paths'>, path: string): boolean {
  const folder = path.replace(/\/+$/, '');
  return (
    folder === '' || tree.paths.some((one) => one === folder || one === `${folder}.md` || one.startsWith(`${folder}/`))
  );
}

/** Whether a target in a file leads to a page: by its path, by its name as a wiki has it, or by an address on the web. */
export function leadsToPage(target: string, page: string, { path: from }: { path: string }): boolean {
  const stem = page.slice(page.lastIndexOf('/') + 1).replace(ENDING, '');
  return (
    target === stem ||
    pathsOf(target, from).some((path) => path === page || path === page.replace(ENDING, '')) ||
    (/^https?:/.test(target) &&
      decode(target)
        .replace(/[#?].*$/, '')
        .endsWith(`/${page}`))
  );
}

/**
 * How the file writes links, from the links that lead somewhere.
 * @param near the text to look at first, a neighbouring row; the whole file decides where it has no link.
 */
export function linkStyleOf(text: string, from: string, tree: Pick<Tree, 'paths'>, near = ''): LinkStyle | undefined {
  const styles = [near, text].map((part) => linksIn(part).flatMap((link) => styleOf(link, from, tree) ?? []));
  const known = styles.find((list) => list.length > 0);
  if (!known) return undefined;
  const count = (style: LinkStyle): number => known.filter((one) => same(one, style)).length;
  return known.reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** A link to a page of the repository, in a style. `text` is Markdown already. */
export function writeLink(path: string, text: string, from: string, style: LinkStyle): string {
  if (style.form === 'wiki') {
    const page = path.slice(path.lastIndexOf('/') + 1).replace(ENDING, '');
    if (text === page) return `[[${page}]]`;
    return style.pageFirst ? `[[${page}|${text}]]` : `[[${text}|${page}]]`;
  }
  return `[${text}](${markdownTarget(targetOf(path, from, style))})`;
}

function targetOf(path: string, from: string, style: LinkStyle): string {
  const page = style.bare ? path.replace(ENDING, '') : path;
  if (style.base === 'root') return page;
  if (style.base === 'slash') return `/${page}`;
  if (style.base === 'url') return `${style.prefix}${page}`;
  const relative = relativePath(from, page);
  return style.dot && !relative.startsWith('.') ? `./${relative}` : relative;
}

/** `path` as seen from the folder of the file `from`. */
export function relativePath(from: string, path: string): string {
  const here = from.split('/').slice(0, -1);
  const there = path.split('/');
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared += 1;
  return [...here.slice(shared).map(() => '..'), ...there.slice(shared)].join('/');
}

function styleOf(link: MarkdownLink, from: string, tree: Pick<Tree, 'paths'>): LinkStyle | undefined {
  const usual = { dot: false, bare: false, prefix: '', pageFirst: true };
  if (link.form === 'wiki') {
    const isPage = (name: string): boolean =>
      tree.paths.some((path) => path === `${name}.md` || path.endsWith(`/${name}.md`));
    return {
      ...usual,
      form: 'wiki',
      base: 'file',
      pageFirst: link.text === link.target || isPage(link.target) || !isPage(link.text),
    };
  }
  const target = decode(link.target.replace(/[#?].*$/, ''));
  if (target === '') return undefined;
  const inline = { ...usual, form: 'inline' as const };
  const url = /^(https?:\/\/[^/]+\/.*?\/(?:blob|tree|src)\/(?:branch\/)?[^/]+\/)(.+)$/.exec(target);
  if (url?.[1] && url[2]) return leadsTo(tree, url[2]) ? { ...inline, base: 'url', prefix: url[1] } : undefined;
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)) return undefined;
  const bare =
    !/\.[a-z0-9]+$/i.test(target) &&
    tree.paths.some((path) => pathsOf(target, from).includes(path.replace(ENDING, '')));
  if (target.startsWith('/'))
    return leadsTo(tree, normal(target) ?? '') ? { ...inline, base: 'slash', bare } : undefined;
  const dot = target.startsWith('./');
  const [beside, fromRoot] = pathsOf(target, from);
  if (beside !== undefined && leadsTo(tree, beside)) return { ...inline, base: 'file', dot, bare };
  return fromRoot !== undefined && leadsTo(tree, fromRoot) ? { ...inline, base: 'root', bare } : undefined;
}

function same(a: LinkStyle, b: LinkStyle): boolean {
  return a.form === b.form && a.base === b.base && a.bare === b.bare && a.prefix === b.prefix;
}

/** Without `.` and `..`; undefined where it leads out of the repository. */
function normal(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
