'use client';
/** J and K move through the rows of a server-rendered table: the links that carry `data-row-link`. */
import { useHotkeys } from './hotkeys';

function move(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main [data-row-link]')];
  const row = document.activeElement?.closest('tr');
  const current = row ? links.findIndex((link) => row.contains(link)) : -1;
  const next = links[Math.max(0, Math.min(links.length - 1, current === -1 ? 0 : current + by))];
  next?.focus({ preventScroll: true });
  next?.closest('tr')?.scrollIntoView({ block: 'nearest' });
}

export function RowKeys() {
  useHotkeys([
    { keys: 'j', label: 'Next row', run: () => move(1) },
    { keys: 'k', label: 'Previous row', run: () => move(-1) },
  ]);
  return null;
}
