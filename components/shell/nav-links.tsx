'use client';
/** The main places. The current one wears the accent; the count says how many requests are not at their end. */
import clsx from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

export interface NavPlace {
  href: string;
  label: string;
  count?: number;
  /** What the count counts, for screen readers: `open`. */
  counts?: string;
}

export function NavLinks({ places, column = false }: { places: readonly NavPlace[]; column?: boolean }) {
  const path = usePathname();
  return places.map((place) => {
    // The wizard has its own steps; no place is current there.
    const current = (path === place.href || path.startsWith(`${place.href}/`)) && !path.startsWith('/services/new');
    return (
      <Link
        key={place.href}
        href={place.href}
        aria-current={current ? 'page' : undefined}
        onClick={(event) => event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()}
        className={clsx(
          'relative flex items-center gap-1.5',
          column ? 'h-9 px-4 hover:bg-press' : 'h-full px-2.5 focus-visible:-outline-offset-4',
          current
            ? clsx(
                'font-medium text-ink',
                !column && 'after:absolute after:inset-x-2.5 after:-bottom-px after:h-0.5 after:bg-accent',
              )
            : 'text-ink-2 hover:text-ink',
        )}
      >
        {place.label}
        {place.count ? (
          <span className="text-12 font-normal text-ink-3">
            {place.count}
            {place.counts ? <span className="sr-only"> {place.counts}</span> : null}
          </span>
        ) : null}
      </Link>
    );
  });
}
