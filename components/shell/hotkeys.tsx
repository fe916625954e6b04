'use client';
/** Keys for the whole portal: components say which keys they take while they are on the page; `?` lists them, and single keys can be turned off. */
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { matchHotkey } from './hotkey-match';

export interface Hotkey {
  /** `j`, `?`, `mod+k`, `g c`. */
  keys: string;
  /** What it does, for the list: `Next row`. */
  label: string;
  run: (event: KeyboardEvent) => void;
}

interface Registry {
  register: (hotkeys: () => readonly Hotkey[]) => () => void;
  /** Everything that works at this moment, the page's own first. */
  all: () => Hotkey[];
}

const Context = createContext<Registry | undefined>(undefined);

const offFlag = 'slipway-single-keys';
const flagListeners = new Set<() => void>();

function singleKeys(): boolean {
  return localStorage.getItem(offFlag) !== 'off';
}

function subscribeToFlag(listener: () => void): () => void {
  flagListeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    flagListeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** Whether keys without Ctrl or Cmd work, and how to change that. Kept in this browser. */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribeToFlag, singleKeys, () => true);
  const change = useCallback((next: boolean) => {
    localStorage.setItem(offFlag, next ? 'on' : 'off');
    for (const listener of flagListeners) listener();
  }, []);
  return [on, change];
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
}

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1200;

export function HotkeysProvider({ children }: { children: ReactNode }) {
  const sources = useRef<(() => readonly Hotkey[])[]>([]);

  const registry = useMemo<Registry>(
    () => ({
      register: (hotkeys) => {
        sources.current = [hotkeys, ...sources.current];
        return () => {
          sources.current = sources.current.filter((source) => source !== hotkeys);
        };
      },
      all: () => sources.current.flatMap((source) => [...source()]),
    }),
    [],
  );

  useEffect(() => {
    let before: { key: string; at: number } | undefined;
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing) return;
      // An open dialog or menu has the keyboard for itself.
      const target = event.target instanceof HTMLElement ? event.target : null;
      const inOverlay = target?.closest('[role="dialog"],[role="alertdialog"],[role="menu"]') != null;
      const press = {
        key: event.key,
        mod: event.ctrlKey || event.metaKey,
        alt: event.altKey,
        typing: isTyping(event.target) || inOverlay,
      };
      const earlier = before && event.timeStamp - before.at < SEQUENCE_MS ? before.key : undefined;
      let waits = false;
      for (const hotkey of registry.all()) {
        const match = matchHotkey(hotkey.keys, press, earlier, singleKeys());
        if (match === 'run') {
          before = undefined;
          event.preventDefault();
          hotkey.run(event);
          return;
        }
        if (match === 'wait') waits = true;
      }
      before = waits ? { key: event.key.toLowerCase(), at: event.timeStamp } : undefined;
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [registry]);

  return <Context.Provider value={registry}>{children}</Context.Provider>;
}

/** Takes keys while the component is on the page. The newest component wins where two want one key. */
export function useHotkeys(hotkeys: readonly Hotkey[]): void {
  const registry = useContext(Context);
  const current = useRef(hotkeys);
  useEffect(() => {
    current.current = hotkeys;
  });
  useEffect(() => registry?.register(() => current.current), [registry]);
}

/** The list behind `?`. */
export function useAllHotkeys(): () => Hotkey[] {
  const registry = useContext(Context);
  return useCallback(() => registry?.all() ?? [], [registry]);
}
