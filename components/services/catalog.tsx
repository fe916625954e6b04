'use client';
/** The catalog: search, facets, order and rows. All services come with the page, so every key stroke is answered at once; the URL follows. */
import { ListFilter } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useHotkeys } from '@/components/shell/hotkeys';
import { Button, ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { EmptyState } from '@/components/ui/empty-state';
import { Select } from '@/components/ui/input';
import { unpackServices } from './catalog-pack';
import { CatalogFacets } from './catalog-facets';
import { CatalogNothing } from './catalog-nothing';
import { CatalogSearch } from './catalog-search';
import { CatalogTable } from './catalog-table';
import {
  applyCatalogView,
  catalogQuery,
  catalogRow,
  chosenFacets,
  emptyView,
  parseCatalogView,
  sortBy,
  sortKeys,
  toggleFacet,
  type CatalogView,
} from './catalog-view';
import { rowHeight } from './use-row-window';

/** Browsers refuse more than some hundred changes of the URL in half a minute. */
const URL_QUIET_MS = 250;

/** @param packed all services, as `packServices` gives them. */
export function Catalog({ packed, mayCreate }: { packed: string; mayCreate: boolean }) {
  const params = useSearchParams().toString();
  const [view, setView] = useState(() => parseCatalogView(params));
  const [seen, setSeen] = useState(params);
  const [written, setWritten] = useState(params);
  const [facetsOpen, setFacetsOpen] = useState(false);
  const body = useRef<HTMLTableSectionElement>(null);

  // The URL changed, and not through us: a link to the catalog, or going back.
  if (params !== seen) {
    setSeen(params);
    if (params !== written) setView(parseCatalogView(params));
  }

  const query = catalogQuery(view);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (query === new URLSearchParams(location.search).toString()) return;
      setWritten(query);
      window.history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
    }, URL_QUIET_MS);
    return () => clearTimeout(timer);
  }, [query]);

  const all = useMemo(() => unpackServices(packed).map(catalogRow), [packed]);
  const shownView = useDeferredValue(view);
  const { rows, facets } = useMemo(() => applyCatalogView(all, shownView), [all, shownView]);
  const narrowedBy = chosenFacets(view).length + (view.search.trim() === '' ? 0 : 1);

  function focusRow(index: number) {
    const target = Math.max(0, Math.min(rows.length - 1, index));
    const find = () => body.current?.querySelector<HTMLElement>(`tr[data-index="${target}"] [data-row-link]`);
    const focus = (link: HTMLElement) => {
      link.focus({ preventScroll: true });
      link.closest('tr')?.scrollIntoView({ block: 'nearest' });
    };
    const link = find();
    if (link) {
      focus(link);
      return;
    }
    // Not drawn yet: bring its place into sight first.
    const top = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    window.scrollTo({ top: top + target * rowHeight() - window.innerHeight / 2 });
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const late = find();
        if (late) focus(late);
      }),
    );
  }

  /** The row that has the focus; without one, the row above the first that is in sight. */
  function currentRow(): number {
    const row = document.activeElement?.closest<HTMLElement>('tr[data-index]');
    if (row) return Number(row.dataset.index);
    // Its cells stick, the head itself scrolls away.
    const head = body.current?.closest('table')?.querySelector('th')?.getBoundingClientRect().bottom ?? 0;
    const top = body.current?.getBoundingClientRect().top ?? 0;
    return Math.max(0, Math.ceil((head - top) / rowHeight())) - 1;
  }

  useHotkeys([
    { keys: 'j', label: 'Next row', run: () => focusRow(currentRow() + 1) },
    { keys: 'k', label: 'Previous row', run: () => focusRow(currentRow() - 1) },
    {
      keys: 'Escape',
      label: 'Clear search and filters',
      run: () => change({ ...view, search: '', chosen: emptyView.chosen }),
    },
    {
      keys: 'f',
      label: 'Filters',
      run: () => {
        setFacetsOpen(true);
        document.querySelector<HTMLInputElement>('#facets input')?.focus();
      },
    },
  ]);

  function change(next: CatalogView) {
    setView(next);
    if (next.search !== view.search || next.sort !== view.sort) window.scrollTo({ top: 0 });
  }

  if (all.length === 0) {
    return (
      <div className="flex-1 bg-surface">
        <h1 className="sr-only">Catalog</h1>
        <EmptyState
          title="No service yet"
          actions={
            mayCreate ? (
              <ButtonLink href="/services/new" shortcut="C">
                New service
              </ButtonLink>
            ) : undefined
          }
        >
          The catalog fills itself from the platform repository as soon as its main branch has been read, and with every
          service that is requested here.
        </EmptyState>
      </div>
    );
  }

  return (
    <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] md:grid-cols-[204px_minmax(0,1fr)]">
      <CatalogFacets
        facets={facets}
        open={facetsOpen}
        onToggle={(key, value) => change(toggleFacet(view, key, value))}
      />
      <div className="flex min-w-0 flex-col border-line bg-surface md:border-l">
        <h1 className="sr-only">Catalog</h1>
        <div className="flex flex-wrap items-center gap-2 border-b border-line py-2.5 pr-5 pl-4">
          <CatalogSearch view={view} facets={facets} onChange={change} onArrowDown={() => focusRow(0)} />
          <Button
            className="md:hidden"
            aria-expanded={facetsOpen}
            aria-controls="facets"
            onClick={() => setFacetsOpen(!facetsOpen)}
          >
            <ListFilter aria-hidden="true" className="size-3.5 text-ink-3" />
            Filters{chosenFacets(view).length > 0 ? ` ${chosenFacets(view).length}` : ''}
          </Button>
          <Select
            aria-label="Order"
            className="w-40 md:hidden"
            value={view.sort}
            onChange={(event) => {
              const sort = sortKeys.find((key) => key === event.target.value);
              if (sort) change({ ...view, sort, descending: false });
            }}
          >
            {sortKeys.map((key) => (
              <option key={key} value={key}>
                {key === 'state' ? 'Pending first' : `By ${key}`}
              </option>
            ))}
          </Select>
          <p role="status" className="ml-1 text-ink-2">
            <b className="font-medium text-ink">{rows.length}</b>
            {narrowedBy > 0 ? ` of ${all.length}` : ''} service{all.length === 1 ? '' : 's'}
          </p>
          <span className="flex-1" />
          <span className="max-md:hidden">
            <CopyButton value={() => location.href} label="Copy a link to this view">
              Copy view link
            </CopyButton>
          </span>
        </div>
        {rows.length > 0 ? (
          <CatalogTable rows={rows} view={shownView} onSort={(key) => change(sortBy(view, key))} body={body} />
        ) : (
          <CatalogNothing all={all} view={shownView} onChange={change} />
        )}
      </div>
    </div>
  );
}
