/** Server-sent events: one open response that tells a page to look again. The page reconnects by itself; each connection is authorised anew. */
import { listen, type Topic } from '@/lib/events';
import { log } from '@/lib/log';

/** Proxies close what is silent for long. */
const HEARTBEAT_MS = 20_000;
/** After this the browser reconnects, and its session is looked at again. */
const LONGEST_MS = 10 * 60_000;

/** Streams that are open in this process. The server waits for them when it is told to stop, so they end then. */
const shared = globalThis as typeof globalThis & { slipwayStreams?: Set<() => void> };

function openStreams(): Set<() => void> {
  if (!shared.slipwayStreams) {
    const streams = (shared.slipwayStreams = new Set());
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        for (const stop of streams) stop();
      });
    }
  }
  return shared.slipwayStreams;
}

interface Sender {
  /** One event; `data` becomes JSON. */
  send(event: string, data: unknown, id?: string): void;
}

/**
 * @param topics whose announcements wake `onWake`; it also runs once at the start.
 * @param onWake reads the truth and sends what is new. Never runs twice at the same time; announcements meanwhile make it run once more.
 */
export function eventStream(
  request: Request,
  topics: readonly Topic[],
  onWake: (sender: Sender, first: boolean) => Promise<void> | void,
): Response {
  const encoder = new TextEncoder();
  let stop = () => undefined as void;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      const write = (text: string) => {
        if (open) controller.enqueue(encoder.encode(text));
      };
      const sender: Sender = {
        send: (event, data, id) =>
          write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      };
      let running = false;
      let again = false;
      let first = true;
      const wake = async () => {
        if (running) {
          again = true;
          return;
        }
        running = true;
        try {
          do {
            again = false;
            await onWake(sender, first);
            first = false;
          } while (again && open);
        } catch (error) {
          // The database is away, most likely: end the stream, the browser comes back in a moment.
          log('http').warn({ err: error, topics }, 'a live stream ended early');
          stop();
        } finally {
          running = false;
        }
      };
      const unlisten = listen(topics, () => void wake());
      const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS);
      const ending = setTimeout(() => stop(), LONGEST_MS);
      stop = () => {
        if (!open) return;
        open = false;
        openStreams().delete(stop);
        unlisten();
        clearInterval(heartbeat);
        clearTimeout(ending);
        request.signal.removeEventListener('abort', stop);
        try {
          controller.close();
        } catch {
          // The reader went away first: it is closed already.
        }
      };
      openStreams().add(stop);
      request.signal.addEventListener('abort', stop);
      write('retry: 2000\n\n');
      void wake();
    },
    cancel() {
      stop();
    },
  });
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
