'use client';
/** Keeps a page true: listens to server-sent events, renders it anew when something changed, and says whether it is connected. */
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { HealthMark } from '@/components/ui/health-mark';

/** Renders that one burst of changes causes: at most one in this time. */
const QUIET_MS = 400;
/** EventSource itself reconnects after a lost connection; after a refusal (a session that ended, a restart) we do. */
const AGAIN_MS = 5000;

type State = 'connecting' | 'live' | 'lost' | 'signed-out';

const words: Record<State, string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
  'signed-out': 'Session ended',
};

/** Whether the server refuses because nobody is signed in any more; a server that is away refuses nobody. */
async function isSignedOut(address: string): Promise<boolean> {
  const question = new AbortController();
  try {
    return (await fetch(address, { signal: question.signal })).status === 401;
  } catch {
    return false;
  } finally {
    question.abort(); // the answer's head was all that we wanted
  }
}

/**
 * @param source path of an event stream; another one needs another `key`.
 * @param announce turns an `entry` event into words for screen readers.
 */
export function Live({ source, announce }: { source: string; announce?: boolean }) {
  const router = useRouter();
  // What the page knew when it was first shown stays in the address: the stream itself keeps count from there.
  const [address] = useState(source);
  const [state, setState] = useState<State>('connecting');
  const [said, setSaid] = useState('');
  const refreshing = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    let stream: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let wasLost = false;
    let left = false;

    function refresh() {
      clearTimeout(refreshing.current);
      refreshing.current = setTimeout(() => router.refresh(), QUIET_MS);
    }

    function connect() {
      stream = new EventSource(address);
      stream.onopen = () => {
        setState('live');
        // Something may have been missed meanwhile.
        if (wasLost) refresh();
        wasLost = false;
      };
      stream.onerror = () => {
        wasLost = true;
        setState('lost');
        if (stream?.readyState !== EventSource.CLOSED) return;
        void isSignedOut(address).then((out) => {
          if (left) return;
          if (out) setState('signed-out');
          else again = setTimeout(connect, AGAIN_MS);
        });
      };
      stream.addEventListener('change', refresh);
      stream.addEventListener('entry', (event: MessageEvent<string>) => {
        const entry: unknown = JSON.parse(event.data);
        if (announce && typeof entry === 'object' && entry !== null && 'title' in entry) setSaid(String(entry.title));
      });
    }

    connect();
    return () => {
      left = true;
      clearTimeout(again);
      clearTimeout(refreshing.current);
      stream?.close();
    };
  }, [address, announce, router]);

  return (
    <>
      <HealthMark health={state === 'live' ? 'healthy' : 'unknown'} size={8} label="" />
      {state === 'signed-out' ? (
        <button
          type="button"
          className="link"
          onClick={() => router.push(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)}
        >
          Session ended, sign in again
        </button>
      ) : (
        words[state]
      )}
      <span role="status" className="sr-only">
        {state === 'lost' ? 'The connection was lost. Reconnecting.' : state === 'signed-out' ? words[state] : said}
      </span>
    </>
  );
}
