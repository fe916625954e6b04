'use client';
/** A time as people say it, kept true while the page is open; the exact moment on hover. The server's words come first. */
import { useCallback, useSyncExternalStore } from 'react';
import { age, exactTime, relativeTime } from './time';

const wakers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all times on the page. It stands still while nobody looks. */
function everySecond(wake: () => void): () => void {
  wakers.add(wake);
  timer ??= setInterval(() => {
    if (!document.hidden) for (const each of wakers) each();
  }, 1000);
  return () => {
    wakers.delete(wake);
    if (wakers.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/**
 * @param at ISO time or milliseconds.
 * @param form `ago` says `26 min ago` or `in 40 s`; `age` says `26 min`.
 */
export function RelativeTime({
  at,
  form = 'ago',
  className,
}: {
  at: string | number;
  form?: 'ago' | 'age';
  className?: string;
}) {
  const moment = typeof at === 'number' ? at : Date.parse(at);
  // The snapshot is the text itself, so a tick renders only those times whose words change.
  const words = useCallback(
    () => (form === 'ago' ? relativeTime(moment, Date.now()) : age(Date.now() - moment)),
    [form, moment],
  );
  const text = useSyncExternalStore(everySecond, words, words);
  return (
    <time
      dateTime={new Date(moment).toISOString()}
      title={exactTime(moment)}
      className={className}
      suppressHydrationWarning
    >
      {text}
    </time>
  );
}
