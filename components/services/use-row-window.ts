'use client';
/** Measures where the table stands in the window and says which rows to draw. */
import { useCallback, useSyncExternalStore, type RefObject } from 'react';
import { firstRows, rowWindow, shortTable, type RowWindow } from './row-window';

/** Heights of a row as the styles have them: one line, and two on a phone. */
export function rowHeight(): number {
  return window.matchMedia('(max-width: 720px)').matches ? 57 : 32;
}

function subscribe(notify: () => void): () => void {
  window.addEventListener('scroll', notify, { passive: true });
  window.addEventListener('resize', notify);
  return () => {
    window.removeEventListener('scroll', notify);
    window.removeEventListener('resize', notify);
  };
}

/** @param body the table's body, whose top edge is measured. */
export function useRowWindow(body: RefObject<HTMLElement | null>, count: number): RowWindow {
  // A text, since two equal windows have to be the same value.
  const measure = useCallback(() => {
    if (count <= shortTable) return `0:${count}`;
    const above = -(body.current?.getBoundingClientRect().top ?? 0);
    const { start, end } = rowWindow(count, rowHeight(), above, window.innerHeight);
    return `${start}:${end}`;
  }, [body, count]);
  const text = useSyncExternalStore(subscribe, measure, () => `0:${count <= shortTable ? count : firstRows}`);
  const [start = 0, end = 0] = text.split(':').map(Number);
  return { start: Math.min(start, count), end: Math.min(end, count) };
}
