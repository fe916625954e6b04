/**
 * Starting and stopping a node:http server for a stand-in: it listens first, so that port 0 works and the handler may know its
 * own address; closing it also ends the connections that browsers and clients keep open.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ListeningServer {
  /** `http://host:port`, without a final slash. */
  url: string;
  handle(handler: Handler): void;
  close(): Promise<void>;
}

/**
 * Listens on `host:port` (0 picks a free port). Requests that arrive before `handle` was called get 503.
 * @throws what listening throws, for example EADDRINUSE.
 */
export async function listen({ port, host }: { port: number; host: string }): Promise<ListeningServer> {
  let current: Handler = (_request, response) => {
    response.writeHead(503, { 'retry-after': '1' }).end();
  };
  const server: Server = createServer((request, response) => current(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    handle(handler) {
      current = handler;
    },
    close() {
      return new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      });
    },
  };
}

/** Thrown by `readBody` when a body is larger than allowed. */
export class BodyTooLargeError extends Error {}

/**
 * Reads a request's body as UTF-8 text.
 * @throws {BodyTooLargeError} beyond `limit` bytes.
 */
export async function readBody(request: IncomingMessage, limit = 1_000_000): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > limit) throw new BodyTooLargeError(`More than ${limit} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
