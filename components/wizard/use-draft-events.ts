'use client';
/** Hears of a draft's saves from the server's event stream, as long as the page is open. */
import { useEffect, useState } from 'react';
import { z } from 'zod';

const Saved = z.object({ version: z.number(), requestId: z.number().optional() });
export type Saved = z.infer<typeof Saved>;
/** EventSource reconnects by itself after a lost connection; after a refusal (a session that ended, a restart) we do. */
const AGAIN_MS = 5000;

/**
 * @param id of a draft that the server has; undefined while it has none.
 * @param over the draft is not this person's any more: nothing is listened to.
 * @param onDoubt the draft may be gone, or closed to this person: whoever hears it has to look.
 */
export function useDraftEvents(
  id: string | undefined,
  { over, onSaved, onDoubt }: { over: boolean; onSaved: (saved: Saved) => void; onDoubt: () => void },
): void {
  // A draft that was begun stays begun, whatever its saves come to.
  const [known, setKnown] = useState(id);
  if (id !== undefined && known !== id) setKnown(id);

  useEffect(() => {
    if (known === undefined || over) return;
    let stream: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      stream = new EventSource(`/api/v1/drafts/${known}/events`);
      stream.addEventListener('saved', (event: MessageEvent<string>) => {
        const saved = Saved.safeParse(JSON.parse(event.data));
        if (saved.success) onSaved(saved.data);
      });
      stream.addEventListener('gone', onDoubt);
      stream.onerror = () => {
        if (stream?.readyState !== EventSource.CLOSED) return;
        onDoubt();
        again = setTimeout(connect, AGAIN_MS);
      };
    };
    connect();
    return () => {
      clearTimeout(again);
      stream?.close();
    };
  }, [known, over, onSaved, onDoubt]);
}
