'use client';
/** Filters with their counts. A long facet shows its fullest values first and the rest on demand. */
import { useState } from 'react';
import { Checkbox } from '@/components/ui/checkbox';
import { HealthMark } from '@/components/ui/health-mark';
import type { Facet, FacetKey } from './catalog-view';

const titles: Record<FacetKey, string> = { state: 'State', stack: 'Stack', owner: 'Owner', category: 'Category' };
const stateWords: Record<string, string> = { live: 'Live', pending: 'Pending' };
const shortFacet = 10;

function FacetSection({ facet, onToggle }: { facet: Facet; onToggle: (key: FacetKey, value: string) => void }) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? facet.values : facet.values.filter((each, index) => index < shortFacet || each.chosen);
  const hidden = facet.values.length - shown.length;
  return (
    <fieldset className="border-line py-2 pb-[9px] not-first:border-t">
      <legend className="float-left w-full pr-4 pb-0.5 pl-5 text-12 leading-5 font-medium text-ink-3">
        {titles[facet.key]}
      </legend>
      {shown.map((each) => (
        <Checkbox
          key={each.value}
          checked={each.chosen}
          onChange={() => onToggle(facet.key, each.value)}
          trailing={each.count}
          className={`clear-both pr-4 pl-5 hover:bg-press ${each.count === 0 && !each.chosen ? 'text-ink-3' : ''}`}
        >
          {facet.key === 'state' ? (
            <span className="flex items-center gap-2">
              {each.value === 'pending' ? <HealthMark health="pending" label="" /> : null}
              {stateWords[each.value] ?? each.value}
            </span>
          ) : (
            each.value
          )}
        </Checkbox>
      ))}
      {hidden > 0 || whole ? (
        <button
          type="button"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
          className="clear-both h-6 pl-[41px] text-12 text-ink-3 hover:text-ink"
        >
          {whole ? 'Show fewer' : `${hidden} more`}
        </button>
      ) : null}
    </fieldset>
  );
}

export function CatalogFacets({
  facets,
  onToggle,
  open,
}: {
  facets: readonly Facet[];
  onToggle: (key: FacetKey, value: string) => void;
  /** On a phone they stand above the list, once asked for. */
  open: boolean;
}) {
  return (
    <aside
      id="facets"
      aria-label="Filters"
      className={`${open ? '' : 'max-md:hidden'} border-line bg-canvas pt-2.5 pb-6 max-md:max-h-[55dvh] max-md:overflow-y-auto max-md:border-b md:sticky md:top-(--h-bar) md:max-h-[calc(100dvh-var(--h-bar)-var(--h-waterline))] md:self-start md:overflow-y-auto`}
    >
      {facets
        .filter((facet) => facet.values.length > 0)
        .map((facet) => (
          <FacetSection key={facet.key} facet={facet} onToggle={onToggle} />
        ))}
    </aside>
  );
}
