/**
 * How a house names its runbooks, read from the pages that are there: with a number or without, as wide as theirs, with their word in front of it
 * (`RUNBOOK-031`, `rb-31`, `Runbook 31`, `0031`), in the file's name and in the first line.
 */
import { escapeRegExp } from '../escape-reg-exp';
import type { Profile } from '../profile';

/** What a folder's file says of its own name. `text` is its heading without the mark. */
export interface NamedPage {
  path: string;
  number?: number;
  digits?: number;
  heading: string;
}

export interface RunbookNaming {
  /** Whether pages go by numbers; where not, a page's name is all that it goes by. */
  numbered: boolean;
  /** How many digits a number is padded to in files' names. */
  digits: number;
  /** `RUNBOOK-031`, as people call the page in a sentence or a link; `0031` where nothing stands in front of the number. */
  idOf(number: number): string;
  /** The first line without its mark: `RUNBOOK-031: Title`, `31. Title`, `Title`, `Title Runbook`. */
  headingOf(number: number, title: string): string;
}

/** Ways to name a file, the more telling first; each with the profile's way to say it. */
const styles: readonly [pattern: RegExp, fileName: (match: RegExpExecArray) => string][] = [
  [
    /^(runbook|rb)([-_ ]?)\d{1,5}([-_ .]+)(\S.*)\.(md|markdown)$/i,
    ([, word = '', gap = '', parting = '-', slug = '', end = 'md']) =>
      `${word}${gap}{number}${parting}${slugLike(slug)}.${end}`,
  ],
  [
    /^(runbook|rb)([-_ ]?)\d{1,5}\.(md|markdown)$/i,
    ([, word = '', gap = '', end = 'md']) => `${word}${gap}{number}.${end}`,
  ],
  [
    /^\d{1,4}([-_ .]+)(?!\d{1,2}[-_.]\d)(\S.*)\.(md|markdown)$/i,
    ([, parting = '-', slug = '', end = 'md']) => `{number}${parting}${slugLike(slug)}.${end}`,
  ],
  [
    /^(runbook[-_ ])(\S.*)\.(md|markdown)$/i,
    ([, word = '', slug = '', end = 'md']) => `${word}${slugLike(slug)}.${end}`,
  ],
  [
    /^(\S.*?)([-_ ]runbook)\.(md|markdown)$/i,
    ([, slug = '', word = '', end = 'md']) => `${slugLike(slug)}${word}.${end}`,
  ],
  [/^(\S.*)\.(md|markdown)$/i, ([, slug = '', end = 'md']) => `${slugLike(slug)}.${end}`],
];

/** A slug of several words shows what parts them; of one word it shows nothing. */
function slugLike(slug: string): string {
  return slug.includes('_') && !slug.includes('-') ? '{slug_}' : '{slug}';
}

/** The profile's way to say how a file is named: `RUNBOOK-{number}-{slug}.md`; undefined where it is no page. */
function fileNameStyleOf(name: string): string | undefined {
  for (const [pattern, fileName] of styles) {
    const match = pattern.exec(name);
    if (match) return fileName(match);
  }
  return undefined;
}

/**
 * How most files of a folder are named. A word of one slug alone does not say how words are parted, so that `{slug}` and `{slug_}` count together first.
 * @param names of the files, without their folders.
 */
export function learnFileName(names: readonly string[]): string | undefined {
  const found = names.flatMap((name) => {
    const style = fileNameStyleOf(name);
    return style === undefined
      ? []
      : [{ style, family: style.replace('{slug_}', '{slug}'), worded: /[^\d_-][-_][^\d_-]/.test(name) }];
  });
  const numbered = found.filter((one) => one.family.includes('{number}'));
  // What is numbered is meant to be: half of the pages are enough.
  const among = numbered.length > 0 && numbered.length * 2 >= found.length ? numbered : found;
  const family = mostOf(among, (one) => one.family)?.family;
  if (family === undefined) return undefined;
  const members = among.filter((one) => one.family === family);
  return (
    mostOf(
      members.filter((one) => one.worded),
      (one) => one.style,
    )?.style ?? family
  );
}

/** The naming of a house, from the pages of its folder other than the service's own. */
export function namingOf(fileName: string, pages: readonly NamedPage[]): RunbookNaming {
  const numbered = fileName.includes('{number}');
  const digits = digitsOf(pages);
  const style = mostOf(
    pages.flatMap((page) => headingStyleOf(page, numbered) ?? []),
    (one) => JSON.stringify(one),
  );
  const said = style?.kind === 'numbered' && /\p{L}/u.test(style.word) ? style : undefined;
  const word = said?.word ?? /^(.*?)\{number\}/.exec(fileName)?.[1] ?? '';
  const write = (number: number, padded: boolean): string => String(number).padStart(padded ? digits : 1, '0');
  return {
    numbered,
    digits,
    idOf: (number) => `${word}${write(number, said?.padded ?? true)}`,
    headingOf: (number, title) => {
      if (style?.kind === 'numbered') return `${style.word}${write(number, style.padded)}${style.parting}${title}`;
      if (style?.kind === 'named') return `${style.before}${title}${style.after}`;
      return numbered && /\p{L}/u.test(word) ? `${word}${write(number, true)}: ${title}` : title;
    },
  };
}

type HeadingStyle =
  | { kind: 'numbered'; word: string; padded: boolean; parting: string }
  | { kind: 'named'; before: string; after: string };

/** The form of a page's heading; undefined where there is none, or none that counts. */
function headingStyleOf(page: NamedPage, numbered: boolean): HeadingStyle | undefined {
  const { heading, number } = page;
  if (heading === '') return undefined;
  // A house that counts its pages shows it in those that have a number.
  if (numbered && number === undefined) return undefined;
  const [, word = '', digits = '', parting = ''] =
    /^((?:run\s?book|rb)?[-_ #]*)(\d{1,5})(\s*[:.)–—|-]\s*|\s+)(?=\S)/i.exec(heading) ?? [];
  if (numbered && digits !== '' && Number(digits) === number)
    return { kind: 'numbered', word, padded: digits.length === page.digits, parting };
  const before = /^(?:operational\s+)?run\s?book\s*(?:[:–—|-]\s*)(?=\S)/i.exec(heading)?.[0] ?? '';
  const after = before === '' ? (/(?<!\s)(?:\s+[–—|-])?\s+run\s?book$/i.exec(heading)?.[0] ?? '') : '';
  return { kind: 'named', before, after };
}

/** The most usual number of digits; three where no page has a number. Of equals the wider one: short numbers are written short by those who pad too little. */
function digitsOf(pages: readonly NamedPage[]): number {
  const counts = new Map<number, number>();
  for (const { digits } of pages) if (digits !== undefined) counts.set(digits, (counts.get(digits) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 3;
}

/** How files are named where neither the profile nor a page says it. */
const DEFAULT_FILE_NAME = 'RUNBOOK-{number}-{slug}.md';

/** The profile's word on how files are named, else what the folder shows. @param names of the folder's files. */
export function fileNameFor(profile: Profile, names: readonly string[]): string {
  return profile.runbooks?.fileName ?? learnFileName(names) ?? DEFAULT_FILE_NAME;
}

/** A file name by its style. */
export function fillFileName(style: string, number: string, name: string): string {
  return style
    .replaceAll('{number}', number)
    .replaceAll('{slug_}', name.replaceAll('-', '_'))
    .replaceAll('{slug}', name);
}

/** A style as a pattern with the groups `number` and `slug`; undefined where it has no number. */
export function patternOf(style: string): RegExp | undefined {
  if (!style.includes('{number}')) return undefined;
  const named = new Set<string>();
  const source = style
    .split(/(\{number\}|\{slug_?\})/)
    .map((part) => {
      if (part === '{number}') return group('number', '\\d{1,5}');
      return part.startsWith('{slug') ? group('slug', '.+') : escapeRegExp(part);
    })
    .join('');
  return new RegExp(`^${source}$`, 'i');

  /** What stands twice is the same both times. */
  function group(name: string, pattern: string): string {
    if (named.has(name)) return `\\k<${name}>`;
    named.add(name);
    return `(?<${name}>${pattern})`;
  }
}

/** The item that is there most often, the first of equals. @param key what makes two items equal. */
function mostOf<T>(items: readonly T[], key: (item: T) => string): T | undefined {
  const counts = new Map<string, { item: T; count: number }>();
  for (const item of items) {
    const known = counts.get(key(item));
    if (known) known.count += 1;
    else counts.set(key(item), { item, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.item;
}
