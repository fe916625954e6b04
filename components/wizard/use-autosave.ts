'use client';
/** The draft's session in this tab (DraftSession), tied to the form, the server, the tab's storage and the life of the page. */
import { useCallback, useEffect, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { SavedDraft } from '@/lib/wizard/shared-draft';
import { call } from './api';
import { DraftSession, type DraftServer, type SessionView } from './draft-session';
import { tabStorage } from './kept-words';
import { isOver } from './save-state';
import { useDraftEvents } from './use-draft-events';
import { writeForm } from './write-form';

/** Browsers take 64 KiB at a time with pages that are gone; a character has up to three bytes. */
const MOST_KEPT_ALIVE = 20_000;

interface ServerDraft {
  id: string;
  /** 0 for one that the server does not have yet. */
  version: number;
  content: DraftForm;
  /** The live service that it changes. */
  changes: string | undefined;
  /** When the server saved it last, in milliseconds since 1970. */
  savedAt?: number | undefined;
}

function serverOf({ id, changes }: ServerDraft): DraftServer {
  const address = `/api/v1/drafts/${id}`;
  const send = (method: 'PUT' | 'PATCH', body: object, leaving: boolean) =>
    call<SavedDraft>(method, address, body, {
      keepalive: leaving && JSON.stringify(body).length <= MOST_KEPT_ALIVE,
    });
  return {
    begin: (content, step, leaving) => send('PUT', { content, step, ...(changes ? { changes } : {}) }, leaving),
    patch: (patches, step, seenVersion, leaving) => send('PATCH', { patches, step, seenVersion }, leaving),
    read: (since) => call<SavedDraft>('GET', `${address}?since=${since}`),
  };
}

/**
 * @param draft as the page was given it.
 * @param content the form's, whenever it changes.
 * @param onFirstChange called once when something was typed: from then on the draft's id stands in the URL, so that a reload finds it.
 */
export function useAutosave(
  draft: ServerDraft,
  form: UseFormReturn<DraftForm>,
  { content, step, onFirstChange }: { content: DraftForm; step: string; onFirstChange: () => void },
) {
  const [view, setView] = useState<SessionView>({
    state: { status: 'untouched' },
    conflicts: [],
    requestId: undefined,
  });
  const [session] = useState(
    () =>
      new DraftSession({
        id: draft.id,
        draft: { version: draft.version, content: draft.content, savedAt: draft.savedAt },
        form: {
          // A copy without holes: the form library changes its own values in place.
          read: () => JSON.parse(JSON.stringify(form.getValues())) as DraftForm,
          write: (next) => writeForm(form, next),
        },
        server: serverOf(draft),
        storage: tabStorage(),
        onView: setView,
        onFirstChange,
      }),
  );

  useEffect(() => session.restore(), [session]);
  useEffect(() => session.typed(step), [session, content, step]);

  useEffect(() => {
    const onLeave = () => session.leave(true);
    const onHide = () => {
      if (document.visibilityState === 'hidden') session.leave(false);
    };
    const onOnline = () => void session.reconnected();
    window.addEventListener('online', onOnline);
    window.addEventListener('pagehide', onLeave);
    document.addEventListener('visibilitychange', onHide);
    return () => {
      window.removeEventListener('online', onOnline);
      window.removeEventListener('pagehide', onLeave);
      document.removeEventListener('visibilitychange', onHide);
      // Another page of the portal was opened: this one is gone without a word from the browser.
      onLeave();
      session.end();
    };
  }, [session]);

  const { state } = view;
  const begun = draft.version > 0 || state.status === 'saved' || state.status === 'heard';
  useDraftEvents(begun ? draft.id : undefined, {
    over: isOver(state),
    onSaved: useCallback(({ version, requestId }) => void session.hear(version, requestId), [session]),
    onDoubt: useCallback(() => void session.lookAgain(), [session]),
  });

  return {
    ...view,
    flush: useCallback(() => session.flush(), [session]),
    resolve: useCallback((path: string, choice: 'mine' | 'theirs') => session.resolve(path, choice), [session]),
  };
}
