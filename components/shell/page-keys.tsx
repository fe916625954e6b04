'use client';
/** Keys that a server-rendered page has: each leads somewhere, opens all rows, or copies the page's address. */
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useHotkeys } from './hotkeys';

export interface PageKey {
  keys: string;
  label: string;
  /** Where it leads; another site opens in a new tab. */
  href?: string;
  /** `copy` copies the address; `expand` opens or closes every check of the page. */
  does?: 'copy' | 'expand';
}

/** Opens all, or closes all where all are open already. */
export function toggleDetails(selector: string): void {
  const rows = [...document.querySelectorAll<HTMLDetailsElement>(selector)];
  const open = rows.some((row) => !row.open);
  for (const row of rows) row.open = open;
}

export function PageKeys({ keys }: { keys: readonly PageKey[] }) {
  const router = useRouter();
  const [said, setSaid] = useState('');
  useHotkeys(
    keys.map(({ keys: combination, label, href, does }) => ({
      keys: combination,
      label,
      run: () => {
        if (does === 'expand') toggleDetails('#checks details');
        else if (does === 'copy') {
          navigator.clipboard.writeText(location.href).then(
            () => setSaid('Link copied'),
            () => setSaid('Could not copy the link'),
          );
        } else if (href?.startsWith('/')) router.push(href);
        else if (href) window.open(href, '_blank', 'noreferrer');
      },
    })),
  );
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
