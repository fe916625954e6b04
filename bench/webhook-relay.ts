/**
 * Stands between the local GitHub and the portals, as a load balancer does: notes when each webhook was sent, and hands it on as it is, to the portals in
 * turn. Its clock is the one that everything else here is measured by.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Delivery {
  event: string;
  /** The body, as GitHub wrote it. */
  text: string;
  /** When GitHub sent it, by `performance.now()`. */
  at: number;
  /** How long the portal took to answer. */
  answeredMs: number;
  status: number;
}

export interface WebhookRelay {
  url: string;
  deliveries: readonly Delivery[];
  close(): Promise<void>;
}

const HEADERS = /^(content-type|user-agent|x-github-|x-hub-)/;

/** @param portals where deliveries go, in turn. */
export async function startWebhookRelay(portals: readonly string[]): Promise<WebhookRelay> {
  const deliveries: Delivery[] = [];
  let turn = 0;
  const server = createServer((request, response) => {
    const at = performance.now();
    const portal = portals[turn++ % portals.length] ?? '';
    const forward = async () => {
      const body = await buffer(request);
      const headers = Object.entries(request.headers).flatMap(([name, value]) =>
        HEADERS.test(name) && typeof value === 'string' ? [[name, value] as [string, string]] : [],
      );
      const answer = await fetch(`${portal}/api/webhooks/github`, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      const event = String(request.headers['x-github-event']);
      deliveries.push({
        event,
        text: body.toString('utf8'),
        at,
        answeredMs: performance.now() - at,
        status: answer.status,
      });
      response.writeHead(answer.status).end();
    };
    forward().catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/webhooks/github`,
    deliveries,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
