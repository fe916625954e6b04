'use client';
/**
 * Saves the draft within a second of typing, one save after the other. What could not be saved is kept in this tab's storage, so that neither a lost
 * connection nor an ended session loses a word.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { call, Refused } from './api';

const PAUSE_MS = 500;
const RETRY_MS = 4000;

export type SaveState =
  | { status: 'untouched' }
  | { status: 'saving' }
  | { status: 'saved'; at: number }
  | { status: 'failed'; message: string; kind: 'signed-out' | 'newer' | 'offline' };

const storageKey = (id: string) => `slipway:unsaved:${id}`;

/** What this tab could not save of a draft, if anything. */
export function unsavedOf(id: string, version: number): unknown {
  try {
    const kept = sessionStorage.getItem(storageKey(id));
    if (kept === null) return undefined;
    const { version: seen, content } = JSON.parse(kept) as { version: number; content: unknown };
    return seen === version ? content : undefined;
  } catch {
    return undefined; // storage is off or full: then there is only what the server has
  }
}

function remember(id: string, version: number, content: DraftForm): void {
  try {
    sessionStorage.setItem(storageKey(id), JSON.stringify({ version, content }));
  } catch {
    // Storage is off or full; the page itself still holds it.
  }
}

function forget(id: string): void {
  try {
    sessionStorage.removeItem(storageKey(id));
  } catch {
    // Nothing was kept, then.
  }
}

/**
 * @param initialVersion 0 for a draft that the server does not have yet.
 * @param onFirstChange called once when something was typed: from then on the draft's id stands in the URL, so that a reload finds it.
 */
export function useAutosave(id: string, initialVersion: number, onFirstChange: () => void) {
  const [state, setState] = useState<SaveState>({ status: 'untouched' });
  const version = useRef(initialVersion);
  const waiting = useRef<{ content: DraftForm; step: string }>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** The save that is under way. */
  const running = useRef<Promise<void>>(undefined);
  const stopped = useRef(false);
  const changed = useRef(initialVersion > 0);
  const saveNext = useRef<() => Promise<void>>(undefined);

  const schedule = useCallback((delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void saveNext.current?.(), delay);
  }, []);

  useEffect(() => {
    const typed = () => waiting.current;
    saveNext.current = async () => {
      const next = typed();
      if (!next || running.current || stopped.current) return;
      let done: () => void = () => undefined;
      running.current = new Promise((resolve) => (done = resolve));
      waiting.current = undefined;
      setState({ status: 'saving' });
      try {
        const saved = await call<{ version: number }>('PUT', `/api/v1/drafts/${id}`, {
          seenVersion: version.current,
          ...next,
        });
        version.current = saved.version;
        if (typed() === undefined) forget(id);
        setState({ status: 'saved', at: Date.now() });
      } catch (error) {
        waiting.current ??= next;
        const problem =
          error instanceof Refused ? error.problem : { status: 0, detail: 'The draft could not be saved.' };
        const kind = problem.status === 401 ? 'signed-out' : problem.status === 409 ? 'newer' : 'offline';
        stopped.current = kind === 'newer';
        setState({ status: 'failed', message: problem.detail, kind });
        if (kind !== 'newer') schedule(RETRY_MS);
        return;
      } finally {
        running.current = undefined;
        done();
      }
      // Typed while the save was under way: a reload finds it only under the version that the server has now.
      const later = typed();
      if (!later) return;
      remember(id, version.current, later.content);
      schedule(PAUSE_MS);
    };
  }, [id, schedule]);

  useEffect(() => () => clearTimeout(timer.current), []);

  const save = useCallback(
    (content: DraftForm, step: string) => {
      if (!changed.current) onFirstChange();
      changed.current = true;
      waiting.current = { content, step };
      remember(id, version.current, content);
      schedule(PAUSE_MS);
    },
    [id, onFirstChange, schedule],
  );

  /** Saves at once what waits; resolves when the server has it or has refused. */
  const flush = useCallback(async () => {
    // One that is under way saves what was typed before; what was typed since goes with the next.
    await running.current;
    clearTimeout(timer.current);
    await saveNext.current?.();
  }, []);

  return { state, save, flush };
}
