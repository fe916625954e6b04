/** The links that the change adds to Markdown files lead somewhere, and the rows that it adds have as many columns as their table. */
import { diffLines } from '../line-diff';
import { leadsTo, linksIn, linkStyleOf, pathsOf, type LinkStyle, type MarkdownLink } from '../markdown/links';
import { anchorOf, outlineOf, type Outline } from '../markdown/outline';
import type { Profile } from '../profile';
import type { Tree } from '../types';
import { plural, verdict, type Check } from './check';

export const markdownLinks: Check = {
  id: 'markdown-links',
  name: 'Links and tables in Markdown',
  run({ plan, profile, after }) {
    // A file that the change deletes has no links.
    const files = plan.files.flatMap(({ path, before, after: text }) =>
      /\.md$/i.test(path) && text !== null ? [{ path, before, after: text }] : [],
    );
    const faults: string[] = [];
    const seen: string[] = [];
    for (const file of files) {
      const outline = outlineOf(file.after);
      const added = addedLines(file);
      const style = file.before === null ? undefined : linkStyleOf(file.before, file.path, after);
      for (const line of outline.lines) {
        if (line.hidden || !added.has(line.line)) continue;
        const where = `${file.path}:${line.line}`;
        for (const link of linksIn(line.text)) {
          const fault = faultOf(link, { path: file.path, outline, style, after, profile });
          if (fault !== undefined) faults.push(`${where}: ${fault}`);
          seen.push(`${where}: ${link.target}`);
        }
        const missing = undefinedReference(line.text, file.after);
        if (missing !== undefined) faults.push(`${where}: [${missing}] is not defined in the file.`);
      }
      faults.push(...raggedRows(file.path, outline, added));
    }
    return verdict(
      faults,
      files.length === 0
        ? 'The change has no Markdown.'
        : `${plural(seen.length, 'link')} in ${plural(files.length, 'file')} followed; pages on the web are not fetched.`,
      seen,
    );
  },
};

/** Numbers of the lines that were not there before. */
function addedLines(file: { before: string | null; after: string }): ReadonlySet<number> {
  const added = new Set<number>();
  let line = 0;
  for (const change of diffLines(file.before ?? '', file.after)) {
    if (change.kind === 'removed') continue;
    for (let count = 0; count < change.lines.length; count += 1) {
      line += 1;
      if (change.kind === 'added') added.add(line);
    }
  }
  return added;
}

interface Surroundings {
  path: string;
  outline: Outline;
  /** How the file writes links; undefined where it has none yet. */
  style: LinkStyle | undefined;
  after: Tree;
  profile: Profile;
}

/** Why a link leads nowhere; undefined where it leads somewhere, or out of the repository. */
function faultOf(link: MarkdownLink, { path, outline, style, after, profile }: Surroundings): string | undefined {
  const { target } = link;
  if (link.form === 'wiki') {
    const pages = [target, link.text].map((page) => page.replace(/#.*$/, ''));
    const known = pages.some((page) => after.paths.some((one) => one === `${page}.md` || one.endsWith(`/${page}.md`)));
    return known ? undefined : `No page is called ${target}.`;
  }
  if (target === '') return 'The link has no target.';
  const [address = '', anchor] = target.split('#');
  if (address === '')
    return hasAnchor(outline, anchor ?? '') ? undefined : `No heading here has the anchor #${anchor ?? ''}.`;
  const base = profile.runbooks?.baseUrl?.replace(/\/+$/, '');
  const own = base !== undefined && address.startsWith(`${base}/`) ? address.slice(base.length) : undefined;
  if (own === undefined && /^[a-z][a-z0-9+.-]*:|^\/\//i.test(address)) return undefined;
  const [beside, fromRoot] = pathsOf(own ?? address, path);
  // A file that writes its links from the root is read from there; every other one as Markdown is.
  const leadsOut = style?.base === 'root' && address.startsWith('../');
  const wanted = leadsOut ? undefined : style?.base === 'root' ? (fromRoot ?? beside) : beside;
  if (wanted === undefined || !leadsTo(after, wanted))
    return `${target} leads to nothing${wanted === undefined ? '' : ` (${wanted})`}.`;
  const page = anchor === undefined || anchor === '' ? undefined : (after.read(wanted) ?? after.read(`${wanted}.md`));
  if (page === undefined || anchor === undefined || !/\.md$/i.test(wanted)) return undefined;
  return hasAnchor(outlineOf(page), anchor) ? undefined : `${wanted} has no heading with the anchor #${anchor}.`;
}

/** Headings of the same words are told apart by a number: `#checks`, `#checks-1`. */
function hasAnchor(outline: Outline, anchor: string): boolean {
  const counts = new Map<string, number>();
  for (const heading of outline.headings) {
    const plain = anchorOf(heading.text);
    const count = counts.get(plain) ?? 0;
    counts.set(plain, count + 1);
    if ((count === 0 ? plain : `${plain}-${count}`) === anchor.toLowerCase()) return true;
  }
  return outline.lines.some((line) =>
    new RegExp(`<a\\s[^>]*(?:id|name)=["']${anchor.replace(/[^\w-]/g, '.')}["']`).test(line.text),
  );
}

/** The name of a reference (`[text][name]`) that the file does not define. */
function undefinedReference(line: string, text: string): string | undefined {
  const plain = line.replace(/`[^`]*`/g, '');
  return [...plain.matchAll(/\][ ]?\[([^\]]+)\]/g)]
    .flatMap((match) => match[1] ?? [])
    .find((name) => !text.toLowerCase().includes(`\n[${name.toLowerCase()}]:`));
}

function raggedRows(path: string, outline: Outline, added: ReadonlySet<number>): string[] {
  return outline.tables.flatMap((table) =>
    table.rows
      .filter((row) => added.has(row.line) && row.cells.length !== table.header.cells.length)
      .map((row) => `${path}:${row.line}: ${row.cells.length} columns in a table of ${table.header.cells.length}.`),
  );
}
