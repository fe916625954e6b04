// Ports on this machine: which are free, and who has one that is not.
import { createServer } from 'node:net';

/** A port on 127.0.0.1 that nothing listens on at this moment, chosen by the system. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/** True when 127.0.0.1 has room for a listener on this port. */
export async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch {
    return false;
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      const chosen = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve(chosen));
    });
  });
}
