/** An EventSource as browsers have it, without reconnecting: tells when each server-sent event was whole. */
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { Portal } from './portal-client';

export interface ServerEvent {
  event: string;
  data: unknown;
  /** By `performance.now()`. */
  at: number;
}

export interface OpenStream {
  /** The first event, of those that came since `from` and those to come, that `matches`. @throws after `timeoutMs`, or where the stream ends. */
  next(matches: (event: ServerEvent) => boolean, options: { from: number; timeoutMs: number }): Promise<ServerEvent>;
  close(): void;
}

/** Opens a stream of a portal; resolves when the portal has begun to answer. */
export async function openStream({ url, cookie }: Portal, path: string): Promise<OpenStream> {
  const closing = new AbortController();
  const answer = await fetch(url + path, {
    headers: { cookie, accept: 'text/event-stream' },
    signal: closing.signal,
  });
  if (!answer.ok || !answer.body) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  const seen: ServerEvent[] = [];
  const waiting = new Set<(event: ServerEvent) => void>();
  void read(answer.body, (event) => {
    seen.push(event);
    for (const tell of waiting) tell(event);
  }).catch(() => undefined); // closed by us, or lost: whoever waits runs into the time limit
  return {
    next: (matches, { from, timeoutMs }) =>
      new Promise((resolve, reject) => {
        const tell = (event: ServerEvent) => {
          if (event.at < from || !matches(event)) return;
          clearTimeout(limit);
          waiting.delete(tell);
          resolve(event);
        };
        const limit = setTimeout(() => {
          waiting.delete(tell);
          reject(new Error(`${path} said nothing of it within ${timeoutMs} ms`));
        }, timeoutMs);
        waiting.add(tell);
        for (const event of seen) tell(event);
      }),
    close: () => closing.abort(),
  };
}

async function read(body: ReadableStream<Uint8Array>, tell: (event: ServerEvent) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  const chunks: AsyncIterable<Uint8Array> = Readable.fromWeb(body as WebStream<Uint8Array>);
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1];
      const event = field('event');
      if (event !== undefined) tell({ event, data: JSON.parse(field('data') ?? '{}'), at: performance.now() });
    }
  }
}
