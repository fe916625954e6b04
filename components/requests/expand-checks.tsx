'use client';
/** Opens every check of the list, or closes them; E does the same. */
import { toggleDetails } from '@/components/shell/page-keys';
import { Kbd } from '@/components/ui/kbd';

export function ExpandChecks() {
  return (
    <button
      type="button"
      onClick={() => toggleDetails('#checks details')}
      className="flex min-h-6 items-center gap-1.5 rounded-2 px-1 text-12 text-ink-3 hover:text-ink"
    >
      Expand all
      <span aria-hidden="true" className="max-md:hidden">
        <Kbd>E</Kbd>
      </span>
    </button>
  );
}
