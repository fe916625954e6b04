/**
 * What a tab has typed into a draft that the server has not acknowledged, kept in the tab's storage from the first key on, so that neither a reload, nor a lost
 * connection, nor an ended session loses a word. What the tab had seen of the server's copy is kept with it, so that nobody else's words are overwritten later.
 */
import { z } from 'zod';
import { formOf, type DraftForm } from '@/lib/wizard/draft-form';
import { mergeServer, type Merged, type Shared } from '@/lib/wizard/merge';
import type { Json } from '@/lib/wizard/patch';

export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const Kept = z.object({
  base: z.json(),
  typed: z.json(),
  inDoubt: z.array(z.object({ path: z.string(), from: z.json().optional(), to: z.json().optional() })),
});

const storageKey = (id: string) => `slipway:typed:${id}`;

/** The tab's storage; one that keeps nothing where the browser gives none, or on the server. */
export function tabStorage(): TabStorage {
  try {
    return sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
}

/** Keeps the words of a draft; `undefined` where the server has everything. Where the storage is off or full the page itself still holds them. */
export function keepWords(id: string, storage: TabStorage, words: { shared: Shared; typed: Json } | undefined): void {
  try {
    if (!words) storage.removeItem(storageKey(id));
    else {
      const { base, inDoubt } = words.shared;
      storage.setItem(storageKey(id), JSON.stringify({ base, typed: words.typed, inDoubt }));
    }
  } catch {
    // Off or full.
  }
}

/**
 * What the page before could not save, with what the server has by now.
 * @param server the draft as this page was given it; version 0 where the server does not have it.
 */
export function keptWords(
  id: string,
  storage: TabStorage,
  server: { version: number; content: DraftForm },
): Merged | undefined {
  const kept = readKept(id, storage);
  if (!kept) return undefined;
  const base = formOf(kept.base);
  // A draft that was never begun has no copy anywhere but the one that this tab began with.
  const there = server.version === 0 ? base : server.content;
  return mergeServer({ base, server: there, inDoubt: kept.inDoubt }, formOf(kept.typed), there);
}

function readKept(id: string, storage: TabStorage): z.infer<typeof Kept> | undefined {
  try {
    const text = storage.getItem(storageKey(id));
    const kept = Kept.safeParse(text === null ? undefined : JSON.parse(text));
    return kept.data;
  } catch {
    return undefined; // off, or not ours
  }
}
