/** The lists under `nav` of a mkdocs.yml: titles with pages, pages alone, and sections with lists of their own. */
import { relativePath } from '../../markdown/links';
import { placeInOrder } from '../../markdown/order';
import { plainWords } from '../../markdown/words';
import { escapeMarkdown } from '../../markdown-text';
import { observeRunbooks } from '../../observe/runbooks';
import type { EmitContext } from '../../types';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import type { YamlValue } from '../../yaml/render';
import { runbookOf, runbookTitle, type RunbookAddress } from '../runbook/address';

/** One item of a list: its title, where it has one, and the page that it leads to. */
interface NavigationItem {
  title?: string;
  /** In the repository. */
  page: string;
}

export interface Navigation {
  /** The list that leads to most runbooks. */
  at: (string | number)[];
  items: (NavigationItem | undefined)[];
  /** The new item as its neighbours are written, with its title where they have one. */
  item: YamlValue;
  title?: string;
  page: string;
  /** Where the service's page is listed already. */
  own?: (string | number)[];
}

/** @returns undefined where no list leads to two runbooks, or to the only one. */
export function navigationIn(yaml: ParsedYaml, path: string, context: EmitContext): Navigation | undefined {
  const address = runbookOf(context);
  if (!address) return undefined;
  const root = asRecord(yaml.toJs());
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const documents = (asText(root?.['docs_dir']) ?? 'docs').replace(/^\.\/?|\/+$/g, '');
  const base = documents === '' ? folder : `${folder}${documents}/`;
  const lists = listsIn(root?.['nav'], ['nav'], base);
  const own = lists
    .flatMap(({ at, items }) => items.map((item, index) => ({ at: [...at, index], page: item?.page })))
    .find((one) => one.page === address.path)?.at;
  const pages = new Set(observeRunbooks(context.tree, context.profile).map((page) => page.path));
  pages.delete(address.path);
  const counted = lists.map((list) => ({
    ...list,
    runbooks: list.items.filter((item) => item !== undefined && pages.has(item.page)),
  }));
  const best = counted.reduce<(typeof counted)[number] | undefined>(
    (most, one) => (one.runbooks.length > (most?.runbooks.length ?? 0) ? one : most),
    undefined,
  );
  if (!best || best.runbooks.length < Math.min(2, pages.size)) return undefined;
  const target = relativePath(`${base}mkdocs.yml`, address.path);
  const titled = best.runbooks.filter((item) => item?.title !== undefined).length * 2 >= best.runbooks.length;
  const title = titled ? titleOf(best.runbooks, address, context) : undefined;
  return {
    at: best.at,
    items: best.items,
    page: address.path,
    ...(title === undefined ? { item: target } : { item: { [title]: target }, title }),
    ...(own ? { own } : {}),
  };
}

/** The title alone, or with the number, where the pages beside it are listed by their whole headings. */
function titleOf(
  others: readonly (NavigationItem | undefined)[],
  { heading }: RunbookAddress,
  { manifest, tree, profile }: EmitContext,
): string {
  const title = runbookTitle(manifest);
  const headings = new Map(observeRunbooks(tree, profile).map((page) => [page.path, page]));
  const whole = others.some((item) => {
    const page = item && headings.get(item.page);
    return page !== undefined && page.heading === item?.title && page.heading !== page.title;
  });
  return whole ? heading.replace(escapeMarkdown(title), () => title) : title;
}

function listsIn(
  value: unknown,
  at: (string | number)[],
  base: string,
): { at: (string | number)[]; items: (NavigationItem | undefined)[] }[] {
  const list = asList(value);
  if (!list) return [];
  const inside = list.flatMap((item, index) =>
    Object.entries(asRecord(item) ?? {}).flatMap(([key, one]) => listsIn(one, [...at, index, key], base)),
  );
  return [{ at, items: list.map((item) => itemOf(item, base)) }, ...inside];
}

function itemOf(item: unknown, base: string): NavigationItem | undefined {
  if (typeof item === 'string') return { page: `${base}${item}` };
  const [entry, ...others] = Object.entries(asRecord(item) ?? {});
  const page = entry === undefined || others.length > 0 ? undefined : asText(entry[1]);
  return entry === undefined || page === undefined ? undefined : { title: entry[0], page: `${base}${page}` };
}

/** Index of the item that the new one stands before, where titles or files are in an order; undefined where it goes to the end. */
export function placeIn({ items, title, page }: Navigation): number | undefined {
  // What the section begins with is in no order with the rest.
  const start = Math.max(
    items.findIndex((one) => one !== undefined && !/(^|\/)(?:index|readme)\.md$/i.test(one.page)),
    0,
  );
  const pages = items.slice(start);
  const titles = pages.map((one) => plainWords(one?.title ?? ''));
  const files = pages.map((one) => one?.page ?? '');
  const place =
    (title === undefined ? undefined : placeInOrder(titles, plainWords(title))) ?? placeInOrder(files, page);
  return place === undefined || place >= pages.length ? undefined : start + place;
}
