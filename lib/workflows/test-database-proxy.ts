/** For tests alone: stands between a process and PostgreSQL and holds the process at a border of its transaction, where the test kills it. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * Where a transaction is held: before the first statement with this text has reached PostgreSQL, before its COMMIT has, or after PostgreSQL committed it and
 * before the process hears of it.
 */
export type Border = { before: string } | 'commit' | 'committed';

export interface DatabaseProxy {
  /** What the process takes for the database. */
  url: string;
  /** Resolves when the transaction stands at the border. */
  caught: Promise<void>;
  close(): Promise<void>;
}

/**
 * @param databaseUrl the real one.
 * @param transaction a text of one of its statements: those of other transactions pass.
 */
export async function startDatabaseProxy(
  databaseUrl: string,
  transaction: string,
  border: Border,
): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let reached: () => void = () => undefined;
  const caught = new Promise<void>((resolve) => (reached = resolve));
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      // A process that is killed is gone for PostgreSQL as well.
      one.on('close', () => other.destroy());
      one.on('error', () => one.destroy());
    }
    let ours = false;
    let held = false;
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      ours ||= text.includes(transaction);
      const isHere = typeof border === 'object' ? text.includes(border.before) : border === 'commit' && isCommit(text);
      if (ours && isHere) held = true;
      if (held) reached();
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (ours && border === 'committed' && isCommit(chunk.toString('latin1'))) {
        held = true;
        reached();
      }
      if (!held) client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    caught,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** As a statement, and as PostgreSQL's answer to it. */
function isCommit(text: string): boolean {
  return text.includes('COMMIT\0');
}
