/**
 * What of the catalog is shown: search, facets, order; how that stands in the URL; and what it leaves of the services. Pure: the server uses it
 * for the first page, the browser for every key stroke.
 */
import type { CatalogService } from './catalog-pack';
import { formatPorts } from './port-text';

export const facetKeys = ['state', 'stack', 'owner', 'category'] as const;
export type FacetKey = (typeof facetKeys)[number];

export const sortKeys = ['state', 'name', 'owner', 'category', 'stack', 'ports', 'host', 'lifecycle'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface CatalogView {
  search: string;
  chosen: Record<FacetKey, string[]>;
  sort: SortKey;
  descending: boolean;
}

export const emptyView: CatalogView = {
  search: '',
  chosen: { state: [], stack: [], owner: [], category: [] },
  sort: 'state',
  descending: false,
};

/** A row with what is searched, made once. */
export interface CatalogRow {
  service: CatalogService;
  ports: string;
  text: string;
}

export interface Facet {
  key: FacetKey;
  values: { value: string; count: number; chosen: boolean }[];
}

/** Reads `?q=78&stack=gitlab&stack=events&sort=-name`; what it does not know counts for nothing. */
export function parseCatalogView(query: string): CatalogView {
  const params = new URLSearchParams(query);
  const [, sign = '', key = ''] = /^(-?)(.*)$/.exec(params.get('sort') ?? '') ?? [];
  const sort = sortKeys.find((known) => known === key);
  return {
    search: params.get('q') ?? '',
    chosen: {
      state: params.getAll('state'),
      stack: params.getAll('stack'),
      owner: params.getAll('owner'),
      category: params.getAll('category'),
    },
    sort: sort ?? emptyView.sort,
    descending: sort !== undefined && sign === '-',
  };
}

/** The view as a query without `?`; empty for the view that needs none. */
export function catalogQuery(view: CatalogView): string {
  const params = new URLSearchParams();
  if (view.search.trim() !== '') params.set('q', view.search.trim());
  for (const key of facetKeys) for (const value of view.chosen[key]) params.append(key, value);
  if (view.sort !== emptyView.sort || view.descending) params.set('sort', `${view.descending ? '-' : ''}${view.sort}`);
  return params.toString();
}

/** The row with its ports in words and its text in lower case. */
export function catalogRow(service: CatalogService): CatalogRow {
  const ports = formatPorts(service.ports);
  const text = [
    service.name,
    service.displayName,
    service.purpose,
    service.owner,
    service.category,
    service.stack,
    service.host,
    service.lifecycle,
    ports,
  ]
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
  return { service, ports, text };
}

/** The words that are looked for. */
export function searchWords(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

function matches(row: CatalogRow, words: readonly string[]): boolean {
  return words.every((word) => row.text.includes(word) || inARange(row, word));
}

/** A number also finds the range that it lies in. */
function inARange(row: CatalogRow, word: string): boolean {
  if (!/^\d{2,5}$/.test(word)) return false;
  const port = Number(word);
  return row.service.ports.some(({ from, to }) => from <= port && port <= to);
}

function passes(row: CatalogRow, view: CatalogView, but?: FacetKey): boolean {
  return facetKeys.every(
    (key) => key === but || view.chosen[key].length === 0 || view.chosen[key].includes(row.service[key] ?? ''),
  );
}

/**
 * The rows that are left, in order, and the facets.
 * A facet counts what the search and the other facets leave, so that a second value of the same facet can still be chosen.
 */
export function applyCatalogView(
  rows: readonly CatalogRow[],
  view: CatalogView,
): { rows: CatalogRow[]; facets: Facet[] } {
  const words = searchWords(view.search);
  const found = rows.filter((row) => matches(row, words));
  return {
    rows: found.filter((row) => passes(row, view)).sort(comparison(view)),
    facets: facetKeys.map((key) => facetOf(key, rows, found, view)),
  };
}

/** How many rows one condition alone leaves, for the words of the empty state. */
export function countAlone(
  rows: readonly CatalogRow[],
  condition: { search: string } | { key: FacetKey },
  view: CatalogView,
): number {
  if ('search' in condition) {
    const words = searchWords(condition.search);
    return rows.filter((row) => matches(row, words)).length;
  }
  const chosen = view.chosen[condition.key];
  return rows.filter((row) => chosen.includes(row.service[condition.key] ?? '')).length;
}

function facetOf(key: FacetKey, all: readonly CatalogRow[], found: readonly CatalogRow[], view: CatalogView): Facet {
  const counts = new Map<string, number>();
  for (const row of all) {
    const value = row.service[key];
    if (value !== undefined && !counts.has(value)) counts.set(value, 0);
  }
  // Chosen in the URL, and no service has it: still shown, so that it can be dropped.
  for (const value of view.chosen[key]) if (!counts.has(value)) counts.set(value, 0);
  for (const row of found) {
    const value = row.service[key];
    if (value !== undefined && passes(row, view, key)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return {
    key,
    values: [...counts]
      .map(([value, count]) => ({ value, count, chosen: view.chosen[key].includes(value) }))
      .sort((a, b) => b.count - a.count || compareText(a.value, b.value)),
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortValue(row: CatalogRow, key: SortKey): string | number | undefined {
  if (key === 'ports') return row.service.ports[0]?.from;
  return row.service[key];
}

/** Pending stands on top in the first order; what has no value comes last in every other. */
function comparison({ sort, descending }: CatalogView): (a: CatalogRow, b: CatalogRow) => number {
  const byName = (a: CatalogRow, b: CatalogRow) => compareText(a.service.name, b.service.name);
  const sign = descending ? -1 : 1;
  if (sort === 'state') {
    const rank = (row: CatalogRow) => (row.service.state === 'pending' ? 0 : 1);
    return (a, b) => sign * (rank(a) - rank(b)) || byName(a, b);
  }
  return (a, b) => {
    const [one, other] = [sortValue(a, sort), sortValue(b, sort)];
    if (one === undefined || other === undefined) {
      return Number(one === undefined) - Number(other === undefined) || byName(a, b);
    }
    return sign * (one < other ? -1 : one > other ? 1 : 0) || byName(a, b);
  };
}

/** The view with a facet's value chosen, or dropped where it was. */
export function toggleFacet(view: CatalogView, key: FacetKey, value: string): CatalogView {
  const chosen = view.chosen[key];
  const next = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
  return { ...view, chosen: { ...view.chosen, [key]: next } };
}

/** The view in another order: the same column again turns it round. */
export function sortBy(view: CatalogView, sort: SortKey): CatalogView {
  return { ...view, sort, descending: view.sort === sort && !view.descending };
}

/** What narrows the view, in the order in which Backspace drops it from the end. */
export function chosenFacets(view: CatalogView): { key: FacetKey; value: string }[] {
  return facetKeys.flatMap((key) => view.chosen[key].map((value) => ({ key, value })));
}

/**
 * Turns a typed `stack:gitlab` into a chosen facet.
 * @returns the view without the word and with the facet, or undefined where no word of the search is one that the catalog knows.
 */
export function takeTypedFacet(view: CatalogView, facets: readonly Facet[]): CatalogView | undefined {
  for (const word of view.search.split(/\s+/)) {
    const [key, value] = word.split(':');
    const facet = facets.find((each) => each.key === key);
    if (!facet || !value || !facet.values.some((known) => known.value === value && !known.chosen)) continue;
    const search = view.search.replace(word, '').replace(/\s+/g, ' ').trimStart();
    return toggleFacet({ ...view, search }, facet.key, value);
  }
  return undefined;
}

/** A text in pieces, those that were looked for marked. Words match anywhere; overlapping hits become one. */
export function highlight(text: string, words: readonly string[]): { text: string; hit: boolean }[] {
  const lower = text.toLowerCase();
  const marks = Array.from({ length: text.length }, () => false);
  for (const word of words) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1))
      marks.fill(true, at, at + word.length);
  }
  const pieces: { text: string; hit: boolean }[] = [];
  marks.forEach((hit, index) => {
    const last = pieces.at(-1);
    if (last?.hit === hit) last.text += text[index] ?? '';
    else pieces.push({ text: text[index] ?? '', hit });
  });
  return pieces;
}
