'use client';
/** Nothing is left: says what was asked, what each part alone would leave, and how to get out. */
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import {
  chosenFacets,
  countAlone,
  emptyView,
  facetKeys,
  toggleFacet,
  type CatalogRow,
  type CatalogView,
  type FacetKey,
} from './catalog-view';

/** `in the gitlab stack`, `owned by data or agents`. */
function inWords(key: FacetKey, values: readonly string[]): string {
  const either = values.join(' or ');
  switch (key) {
    case 'stack':
      return `in the ${either} stack`;
    case 'owner':
      return `owned by ${either}`;
    case 'category':
      return `of category ${either}`;
    case 'state':
      return `that is ${either}`;
  }
}

export function CatalogNothing({
  all,
  view,
  onChange,
}: {
  all: readonly CatalogRow[];
  view: CatalogView;
  onChange: (view: CatalogView) => void;
}) {
  const search = view.search.trim();
  const conditions = facetKeys
    .filter((key) => view.chosen[key].length > 0)
    .map((key) => ({ words: inWords(key, view.chosen[key]), count: countAlone(all, { key }, view) }));
  if (search !== '') conditions.push({ words: `matching “${search}”`, count: countAlone(all, { search }, view) });
  const last = chosenFacets(view).at(-1);
  const [only] = conditions;
  return (
    <EmptyState
      title={`Nothing ${conditions.map(({ words }) => words).join(', ')}`}
      actions={
        <>
          {last && conditions.length > 1 ? (
            <Button onClick={() => onChange(toggleFacet(view, last.key, last.value))}>
              Drop {last.key}:{last.value}
            </Button>
          ) : null}
          {search !== '' && conditions.length > 1 ? (
            <Button onClick={() => onChange({ ...view, search: '' })}>Drop “{search}”</Button>
          ) : null}
          <Button shortcut="Esc" onClick={() => onChange({ ...view, search: '', chosen: emptyView.chosen })}>
            Clear all
          </Button>
        </>
      }
    >
      {conditions.length > 1
        ? `${conditions.map(({ words, count }) => `${count === 0 ? 'none' : count} ${words}`).join(', ')}; no service is all of that.`
        : only && search !== ''
          ? 'It was looked for in names, purposes, owners, categories, stacks, hosts and ports.'
          : 'No service has that value any more.'}
    </EmptyState>
  );
}
