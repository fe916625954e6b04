/** Tabs that are links: each has a URL, so it can be opened, shared and gone back to. */
import clsx from 'clsx';
import Link from 'next/link';

export interface TabLink {
  href: string;
  label: string;
  count?: number;
  current: boolean;
}

/** @param flush without a line of its own, where a table's head follows. */
export function TabLinks({ label, tabs, flush = false }: { label: string; tabs: readonly TabLink[]; flush?: boolean }) {
  return (
    <nav aria-label={label} className={clsx('flex gap-0.5 overflow-x-auto', !flush && 'border-b border-line-strong')}>
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          aria-current={tab.current ? 'page' : undefined}
          className={clsx(
            'relative flex h-[34px] shrink-0 items-center gap-1.5 px-2.5 first:pl-0 focus-visible:-outline-offset-2',
            tab.current
              ? 'font-medium text-ink after:absolute after:inset-x-2.5 after:bottom-0 after:h-0.5 after:bg-accent first:after:left-0'
              : 'text-ink-2 hover:text-ink',
          )}
        >
          {tab.label}
          {tab.count === undefined ? null : <span className="text-12 font-normal text-ink-3">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
