/**
 * Tells every process that something changed, by PostgreSQL's LISTEN/NOTIFY. A notification carries only a topic: whoever hears it reads the
 * truth from the tables. Lost ones do no harm, since listeners also read on reconnecting.
 */
import pg from 'pg';
import type { Database } from '@/lib/db';
import { env } from '@/lib/env';
import { log } from '@/lib/log';

const CHANNEL = 'slipway_events';

/** `request:142`, `requests`, `services`, `ports`, `draft:ID`, `queue`. */
export type Topic =
  `request:${number}` | `draft:${string}` | 'requests' | 'services' | 'ports' | 'repository' | 'queue';

/** Heard by others when the surrounding transaction commits, and not at all if it rolls back. */
export async function announce(database: Database, ...topics: Topic[]): Promise<void> {
  for (const topic of new Set(topics)) await database.$executeRaw`SELECT pg_notify(${CHANNEL}, ${topic})`;
}

type Listener = (topic: string) => void;

/** One connection for each process, shared by all who listen; it reconnects by itself and then wakes everybody. */
class Hub {
  private readonly listeners = new Set<Listener>();
  private client: pg.Client | undefined;
  private connecting = false;

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    void this.connect();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.disconnect();
    };
  }

  private disconnect(): void {
    const client = this.client;
    this.client = undefined;
    client?.removeAllListeners();
    client?.on('error', () => undefined); // already leaving; the socket's last words are of no use
    void client?.end();
  }

  private async connect(): Promise<void> {
    if (this.client || this.connecting) return;
    this.connecting = true;
    const client = new pg.Client({
      connectionString: env().databaseUrl,
      application_name: 'slipway-events',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => this.emit(payload ?? ''));
    client.on('error', (error) => {
      log('events').warn({ error: error.message }, 'the connection that listens was lost');
      this.retry();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.client = client;
      this.connecting = false;
      if (this.listeners.size === 0) this.disconnect();
      else this.emit('*');
    } catch (error) {
      this.connecting = false;
      client.removeAllListeners();
      client.on('error', () => undefined); // it never came up; there is nothing to lose
      void client.end();
      log('events').warn({ error: error instanceof Error ? error.message : String(error) }, 'cannot listen');
      this.retry();
    }
  }

  private retry(): void {
    this.disconnect();
    if (this.listeners.size > 0) setTimeout(() => void this.connect(), 1000).unref();
  }

  private emit(topic: string): void {
    for (const listener of this.listeners) listener(topic);
  }
}

const shared = globalThis as typeof globalThis & { slipwayHub?: Hub };

/**
 * Calls `listener` for each announcement of `topics`, and with `*` whenever the connection was made anew and something may have been missed.
 * @returns a function that stops it.
 */
export function listen(topics: readonly Topic[], listener: Listener): () => void {
  shared.slipwayHub ??= new Hub();
  const wanted = new Set<string>(topics);
  return shared.slipwayHub.subscribe((topic) => {
    if (topic === '*' || wanted.has(topic)) listener(topic);
  });
}
