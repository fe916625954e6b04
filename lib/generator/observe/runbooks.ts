/**
 * The runbooks of a platform repository: its files, and the numbers that files, headings and catalog rows claim. Real folders have gaps, numbers
 * given twice, files without a number, several ways of naming files, and catalog rows for pages that nobody wrote.
 */
import { linksIn } from '../markdown/links';
import { outlineOf } from '../markdown/outline';
import type { Profile } from '../profile';
import type { Place, Tree } from '../types';
import { oncePerTree } from './once-per-tree';
import { fileNameFor, namingOf, patternOf, type RunbookNaming } from './runbook-naming';

export interface ObservedRunbook {
  /** Absent where the file's name has none. */
  number?: number;
  /** How many digits the file's name writes it with. */
  digits?: number;
  slug: string;
  path: string;
  title: string;
  /** The first heading as it stands, the number with it; empty where there is none. */
  heading: string;
  place: Place;
  /** The service that the page says it is for, in its table of facts. */
  service?: string;
  /** The category that it says its service is of. */
  category?: string;
  /** The day the page says it was written, `YYYY-MM-DD`. */
  date?: string;
}

/** `RUNBOOK-031-livekit`, `runbook_031`, `RB031 livekit`, `031-livekit`; a date is no number. */
const NUMBERED = [/^(?:runbook|rb)[-_ ]?(\d{1,5})(?:[-_ .]+(.*))?$/i, /^(\d{1,4})[-_ .]+(?!\d{1,2}[-_.]\d)(.+)$/];
const CLAIM = /\b(?:RUNBOOK|RB)[-_ ]?(\d{1,5})\b/gi;

const ENDING = /\.(?:md|markdown)$/i;

/** The Markdown files of the runbook folder, as they name themselves, in the order of their paths. */
export const observeRunbooks = oncePerTree(readRunbooks, isInFolder);

function readRunbooks(tree: Tree, profile: Profile): readonly ObservedRunbook[] {
  const house = patternOf(fileNameOf(tree, profile));
  return pagePaths(tree, profile).map((path) => {
    const name = baseName(path).replace(ENDING, '');
    const { number, slug } = readName(baseName(path), house);
    const text = tree.read(path) ?? '';
    const lines = text.split('\n');
    const index = lines.findIndex((line) => /^\ufeff?#\s/.test(line));
    const heading = (lines[index] ?? '').replace(/^\ufeff?#\s+/, '').trim();
    const date = /^\|\s*Written\s*\|\s*(\d{4}-\d{2}-\d{2})\s*\|\s*$/m.exec(text)?.[1];
    const service = /^\|\s*\*{0,2}Service\*{0,2}\s*\|\s*`([^`|]+)`\s*\|\s*$/m.exec(text)?.[1];
    const category = /^\|[ \t]*\*{0,2}Category\*{0,2}[ \t]*\|([^|\n]*)\|[ \t]*\r?$/m.exec(text)?.[1];
    return {
      ...(number === undefined ? {} : { number: Number(number), digits: number.length }),
      slug,
      path,
      heading,
      title: heading.replace(/^(?:(?:RUNBOOK|RB)[-_ ]?)?\d+\s*[:.–—-]\s*/i, '') || name,
      place: { path, line: index + 1 || 1 },
      ...(service === undefined ? {} : { service }),
      ...(category === undefined ? {} : { category: category.replaceAll('`', '').trim() }),
      ...(date ? { date } : {}),
    };
  });
}

/** Whether a page is a service's: called like it, or saying so. */
export function isPageOf(page: ObservedRunbook, service: { name: string; workload?: string | undefined }): boolean {
  const slug = page.slug.replaceAll('_', '-').toLowerCase();
  const said = [slug, slug.replace(/^runbook[- ]/, ''), slug.replace(/[- ]runbook$/, '')];
  return [service.name, service.workload].some(
    (name) => name !== undefined && (said.includes(name) || page.service === name),
  );
}

/**
 * Every number that is spoken for, ascending: by a file's name, by a page's heading or front matter, or by a row or an item of the catalog, the
 * architecture index or the README, whether or not the page is there.
 */
export function takenRunbookNumbers(tree: Tree, profile: Profile): number[] {
  const taken = new Set<number>();
  const pages = observeRunbooks(tree, profile);
  for (const runbook of pages) {
    if (runbook.number !== undefined) taken.add(runbook.number);
    for (const number of claimedBy(tree.read(runbook.path) ?? '', runbook.place.line ?? 1)) taken.add(number);
  }
  const { runbooks } = profile;
  for (const path of [runbooks?.catalog, runbooks?.architectureIndex, runbooks?.readme?.file]) {
    const text = path === undefined ? undefined : tree.read(path);
    if (text === undefined) continue;
    for (const number of claimedIn(text, tree, profile, path === runbooks?.catalog)) taken.add(number);
  }
  return [...taken].sort((a, b) => a - b);
}

/** Whether the house numbers its runbooks; where it does not, a page's name is all that it goes by. */
export function goesByNumbers(tree: Tree, profile: Profile): boolean {
  return profile.runbooks !== undefined && fileNameOf(tree, profile).includes('{number}');
}

/**
 * How the house names its pages.
 * @param own the service's own page: it is named after the others, never after itself.
 */
export function runbookNamingOf(tree: Tree, profile: Profile, own?: Pick<ObservedRunbook, 'path'>): RunbookNaming {
  const others = observeRunbooks(tree, profile).filter((page) => page.path !== own?.path);
  return namingOf(fileNameOf(tree, profile, own), others);
}

/** The style of files' names, as the profile says or the folder shows it. */
export function fileNameOf(tree: Tree, profile: Profile, own?: Pick<ObservedRunbook, 'path'>): string {
  return fileNameFor(
    profile,
    pagePaths(tree, profile).flatMap((path) => (path === own?.path ? [] : [baseName(path)])),
  );
}

/** The folder's pages: what lists them, or shows how one is written, is none. */
const pagePaths = oncePerTree((tree, profile): readonly string[] => {
  const lists = [profile.runbooks?.catalog, profile.runbooks?.architectureIndex];
  return tree.paths.filter(
    (path) =>
      isInFolder(path, profile) &&
      ENDING.test(path) &&
      !lists.includes(path) &&
      !/^(?:_|(?:readme|index|(?:runbook[-_ ])?template)\.)/i.test(baseName(path)),
  );
}, isInFolder);

function isInFolder(path: string, { runbooks }: Profile): boolean {
  return runbooks !== undefined && path.startsWith(`${runbooks.folder.replace(/\/+$/, '')}/`);
}

/** The numbers that a page claims in its heading (`# RUNBOOK-031: …`, `# 031 – …`) and its front matter (`number: 31`). */
function claimedBy(text: string, line: number): number[] {
  const lines = text.split('\n');
  const heading = lines[line - 1] ?? '';
  const claims = [...heading.matchAll(CLAIM)].map((claim) => claim[1]);
  const plain = /^\ufeff?#\s+(\d{1,4})\s*[:.–—-]\s/.exec(heading)?.[1];
  const matter = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  const field = /^(?:id|number|runbook)\s*:\s*["']?(?:RUNBOOK-)?(\d{1,5})["']?\s*$/im.exec(matter)?.[1];
  return [...claims, plain, field].flatMap((number) => (number === undefined ? [] : [Number(number)]));
}

/** The numbers that the rows and items of a page claim: as `RUNBOOK-031`, by the name of a linked file, or by a catalog's first column. */
function claimedIn(text: string, tree: Tree, profile: Profile, isCatalog: boolean): number[] {
  const house = patternOf(fileNameOf(tree, profile));
  const folder = baseName(profile.runbooks?.folder.replace(/\/+$/, '') ?? '');
  const outline = outlineOf(text);
  const lines = outline.lines.filter((line) => /^\s*(?:[|*+-]|\d+[.)])/.test(line.text)).map((line) => line.text);
  const inTables = outline.tables.flatMap((table) => table.rows);
  const numbers: (string | undefined)[] = [];
  for (const line of [...lines, ...inTables.map((row) => row.text)]) {
    numbers.push(...[...line.matchAll(CLAIM)].map((claim) => claim[1]));
    for (const { target } of linksIn(line))
      if (target.includes(`${folder}/`) || isCatalog) numbers.push(readName(baseName(target), house).number);
  }
  if (isCatalog) for (const row of inTables) numbers.push(/^\W*(\d{1,4})\W*$/.exec(row.cells[0]?.text ?? '')?.[1]);
  return numbers.flatMap((number) => (number === undefined ? [] : [Number(number)]));
}

function readName(file: string, house: RegExp | undefined): { number?: string; slug: string } {
  const name = file.replace(ENDING, '');
  const own = house?.exec(file)?.groups;
  if (own?.['number'] !== undefined) return { number: own['number'], slug: own['slug'] ?? '' };
  const match = NUMBERED.map((pattern) => pattern.exec(name)).find((one) => one !== null);
  return match?.[1] === undefined ? { slug: name } : { number: match[1], slug: match[2] ?? '' };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
