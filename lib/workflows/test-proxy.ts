/** For tests alone: stands between this process and another system, and does to the requests what networks and other systems do. */
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The connection breaks before the other system has heard of it, or after it did the work; it is neither sent on nor answered; or somebody answers in
 * its place.
 */
export type ProxyFault =
  'lost-before' | 'lost-after' | 'kept' | { status: number; headers?: Record<string, string>; body: unknown };

/** Stands between the portal and another system, and may change a request's body or keep an answer back. */
export interface Proxy {
  url: string;
  /** Changes what is sent on. */
  rewrite: ((method: string, path: string, body: Buffer) => Buffer) | undefined;
  /** While it says so, answers that have come are kept back: the work is done and the caller does not know. */
  holdAnswer: ((method: string, path: string, body: Buffer, answer: Buffer) => boolean) | undefined;
  /** What befalls a request; undefined where it is passed on as it is. */
  fault: ((method: string, path: string, body: Buffer) => ProxyFault | undefined) | undefined;
  /** How many answers are kept back now. */
  held: number;
  close(): Promise<void>;
}

/** @param target origin of the other system. */
export async function startProxy(target: string): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const method = incoming.method ?? 'GET';
      const path = incoming.url ?? '/';
      const body = proxy.rewrite?.(method, path, await bodyOf(incoming)) ?? (await bodyOf(incoming));
      const fault = proxy.fault?.(method, path, body);
      if (fault === 'lost-before') return void incoming.socket.destroy();
      if (fault === 'kept') return;
      if (typeof fault === 'object') {
        outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
        return void outgoing.end(JSON.stringify(fault.body));
      }
      const onward = httpRequest(
        `${target}${path}`,
        { method, headers: { ...endToEnd(incoming), host: new URL(target).host, 'content-length': body.length } },
        (answer) => {
          void (async () => {
            const content = await bodyOf(answer);
            if (proxy.holdAnswer?.(method, path, body, content)) {
              proxy.held += 1;
              return;
            }
            if (fault === 'lost-after') return void incoming.socket.destroy();
            outgoing.writeHead(answer.statusCode ?? 502, { ...endToEnd(answer), 'content-length': content.length });
            outgoing.end(content);
          })();
        },
      );
      onward.on('error', () => outgoing.destroy());
      onward.end(body);
      // Whoever asked may be gone before it has said everything.
    })().catch(() => outgoing.destroy());
  });
  const proxy: Proxy = {
    url: await listen(server),
    rewrite: undefined,
    holdAnswer: undefined,
    fault: undefined,
    held: 0,
    close: () => close(server),
  };
  return proxy;
}

/** The headers but for those that concern one connection. */
function endToEnd(message: IncomingMessage): IncomingMessage['headers'] {
  return Object.fromEntries(
    Object.entries(message.headers).filter(
      ([name]) => !['transfer-encoding', 'connection', 'keep-alive'].includes(name),
    ),
  );
}

const bodies = new WeakMap<IncomingMessage, Promise<Buffer>>();

/** Read once, however often it is asked for. */
export function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const known = bodies.get(message);
  if (known) return known;
  const reading = (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  })();
  bodies.set(message, reading);
  return reading;
}

/** @returns the origin on which it listens now. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends the connections as well. */
export function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
