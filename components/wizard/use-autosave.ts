'use client';
/**
 * Saves the draft within a second of typing, one save after the other, and at once when the page is left. What the server has not acknowledged is kept in this
 * tab's storage (UnsavedWords), so that neither a reload in the middle of a save, nor a lost connection, nor an ended session loses a word.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { call, Refused } from './api';
import { tabStorage, UnsavedWords } from './unsaved-words';

const PAUSE_MS = 500;
const RETRY_MS = 4000;

export type SaveState =
  | { status: 'untouched' }
  | { status: 'saving' }
  | { status: 'saved'; at: number }
  | { status: 'failed'; message: string; kind: 'signed-out' | 'newer' | 'offline' };

interface ServerDraft {
  version: number;
  content: unknown;
  /** The live service that it changes. */
  changes?: string | undefined;
}

interface Save {
  content: DraftForm;
  step: string;
}

/** Browsers take 64 KiB at a time with pages that are gone; a character has up to three bytes. */
const MOST_KEPT_ALIVE = 20_000;

/** A save goes on when its page is gone: what was typed last is worth most then. */
function put(id: string, seenVersion: number, save: Save & Pick<ServerDraft, 'changes'>): Promise<{ version: number }> {
  const keepalive = JSON.stringify(save).length <= MOST_KEPT_ALIVE;
  return call('PUT', `/api/v1/drafts/${id}`, { seenVersion, ...save }, { keepalive });
}

/**
 * @param server the draft as the page was given it; version 0 for one that the server does not have yet.
 * @param onFirstChange called once when something was typed: from then on the draft's id stands in the URL, so that a reload finds it.
 */
export function useAutosave(id: string, server: ServerDraft, onFirstChange: () => void) {
  const { changes } = server;
  const [state, setState] = useState<SaveState>({ status: 'untouched' });
  const words = useMemo(() => new UnsavedWords(id, tabStorage()), [id]);
  const version = useRef(server.version);
  const waiting = useRef<Save>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** The save that is under way. */
  const running = useRef<Promise<void>>(undefined);
  const stopped = useRef(false);
  const changed = useRef(server.version > 0);
  const saveNext = useRef<() => Promise<void>>(undefined);

  const schedule = useCallback((delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void saveNext.current?.(), delay);
  }, []);

  useEffect(() => {
    const typed = () => waiting.current;
    /** Sends it; where the server has another version by now that came from this tab, after that one. */
    const send = async (next: Save): Promise<number> => {
      words.send(next.content, version.current);
      try {
        return (await put(id, version.current, { ...next, changes })).version;
      } catch (error) {
        if (!(error instanceof Refused) || error.problem.status !== 409) throw error;
        const there = await call<ServerDraft>('GET', `/api/v1/drafts/${id}`);
        const standing = words.standing(there, next.content, version.current);
        if (standing === 'same') return there.version;
        if (standing === 'newer') throw error;
        version.current = there.version;
        return send(next);
      }
    };
    saveNext.current = async () => {
      const next = typed();
      if (!next || running.current || stopped.current) return;
      let done: () => void = () => undefined;
      running.current = new Promise((resolve) => (done = resolve));
      waiting.current = undefined;
      setState({ status: 'saving' });
      try {
        version.current = await send(next);
        words.acknowledge(next.content, version.current);
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
      if (typed()) schedule(PAUSE_MS);
    };
  }, [changes, id, schedule, words]);

  useEffect(() => {
    const onLeave = () => {
      const last = waiting.current;
      // One that is under way arrives first; this one names the version that it makes. Where it does not, the tab's storage has the words.
      if (running.current && last && !stopped.current) {
        words.send(last.content, version.current);
        put(id, version.current + 1, { ...last, changes }).catch(() => undefined);
      } else void saveNext.current?.();
    };
    const onHide = () => {
      if (document.visibilityState === 'hidden') void saveNext.current?.();
    };
    window.addEventListener('pagehide', onLeave);
    document.addEventListener('visibilitychange', onHide);
    return () => {
      window.removeEventListener('pagehide', onLeave);
      document.removeEventListener('visibilitychange', onHide);
      clearTimeout(timer.current);
      // Another page of the portal was opened: this one is gone without a word from the browser.
      onLeave();
    };
  }, [changes, id, words]);

  const save = useCallback(
    (content: DraftForm, step: string) => {
      if (!changed.current) onFirstChange();
      changed.current = true;
      waiting.current = { content, step };
      words.type(content, version.current);
      schedule(PAUSE_MS);
    },
    [onFirstChange, schedule, words],
  );

  /** What this tab typed before a reload or a new sign-in and the server does not have. */
  const restore = useCallback(() => words.restore(server), [server, words]);

  /** Saves at once what waits; resolves when the server has it or has refused. */
  const flush = useCallback(async () => {
    // One that is under way saves what was typed before; what was typed since goes with the next.
    await running.current;
    clearTimeout(timer.current);
    await saveNext.current?.();
  }, []);

  return { state, save, flush, restore };
}
