'use client';
/** The catalog's search: what is chosen stands in it as tokens, `stack:gitlab` can be typed, Backspace drops the last, Escape clears. */
import { Search, X } from 'lucide-react';
import { useRef, type KeyboardEvent } from 'react';
import { Kbd } from '@/components/ui/kbd';
import { chosenFacets, emptyView, takeTypedFacet, toggleFacet, type CatalogView, type Facet } from './catalog-view';

export function CatalogSearch({
  view,
  facets,
  onChange,
  onArrowDown,
}: {
  view: CatalogView;
  facets: readonly Facet[];
  onChange: (view: CatalogView) => void;
  /** Leads into the table. */
  onArrowDown: () => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  const tokens = chosenFacets(view);
  const narrowed = tokens.length > 0 || view.search !== '';

  function clear() {
    onChange({ ...view, search: '', chosen: emptyView.chosen });
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const last = tokens.at(-1);
    if (event.key === 'Backspace' && view.search === '' && last) {
      event.preventDefault();
      onChange(toggleFacet(view, last.key, last.value));
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (narrowed) clear();
      else field.current?.blur();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      onArrowDown();
    } else if (event.key === 'Enter' || event.key === ' ') {
      const taken = takeTypedFacet(view, facets);
      if (!taken) return;
      event.preventDefault();
      onChange(taken);
    }
  }

  return (
    <div
      role="search"
      className="flex min-h-(--h-control) min-w-0 flex-[0_1_440px] items-center gap-2 rounded-2 border border-line-control bg-surface pr-1.5 pl-[9px] has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-1 has-[input:focus-visible]:outline-focus max-md:flex-[1_1_100%]"
    >
      <Search aria-hidden="true" className="size-3.5 shrink-0 text-ink-3" />
      {tokens.map(({ key, value }) => (
        <button
          key={`${key}:${value}`}
          type="button"
          aria-label={`Drop ${key} ${value}`}
          onClick={() => {
            onChange(toggleFacet(view, key, value));
            field.current?.focus();
          }}
          className="mono h-5 shrink-0 rounded-[3px] bg-accent-wash px-1.5 leading-5 text-accent hover:bg-selection max-md:hidden"
        >
          <span className="text-ink-2">{key}:</span>
          {value}
        </button>
      ))}
      <input
        ref={field}
        data-page-search
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        aria-label="Search services"
        placeholder={tokens.length > 0 ? '' : 'Name, purpose, owner, port, host'}
        value={view.search}
        onChange={(event) => onChange({ ...view, search: event.target.value })}
        onKeyDown={onKeyDown}
        className="h-7 min-w-16 flex-1 bg-transparent outline-none placeholder:text-ink-3 max-md:text-[16px]"
      />
      {narrowed ? (
        <button
          type="button"
          aria-label="Clear search and filters"
          onClick={clear}
          className="grid size-6 shrink-0 place-items-center rounded-[3px] text-ink-3 hover:bg-press hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      ) : null}
      <span className="max-md:hidden" aria-hidden="true">
        <Kbd>/</Kbd>
      </span>
    </div>
  );
}
