'use client';
/** A time as people say it, kept true while the page is open; the exact moment on hover. The server's words come first. */
import { useCallback, useSyncExternalStore } from 'react';
import { age, dueTime, exactTime, relativeTime } from './time';

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

const forms = {
  ago: relativeTime,
  age: (at: number, now: number) => age(now - at),
  due: dueTime,
} as const;

/**
 * @param at ISO time or milliseconds.
 * @param form `ago` says `26 min ago` or `in 40 s`; `age` says `26 min`; `due` says `in 40 s` or `any moment`.
 */
export function RelativeTime({
  at,
  form = 'ago',
  className,
}: {
  at: string | number;
  form?: keyof typeof forms;
  className?: string;
}) {
  const moment = typeof at === 'number' ? at : Date.parse(at);
  // The snapshot is the text itself, so a tick renders only those times whose words change.
  const words = useCallback(() => forms[form](moment, Date.now()), [form, moment]);
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
