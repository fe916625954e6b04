/**
 * Tells every process that something changed, by PostgreSQL's LISTEN/NOTIFY. A notification carries only a topic: whoever hears it reads the
 * truth from the tables. Lost ones do no harm, since listeners also read on reconnecting.
 */
import pg from 'pg';
import type { Database } from '@/lib/db';
import { env } from '@/lib/env';
import { log } from '@/lib/log';

const CHANNEL = 'slipway_events';

/** What lists are made of; a page may listen to several. */
export const listTopics = ['services', 'requests', 'ports', 'repository', 'queue'] as const;
export type ListTopic = (typeof listTopics)[number];

/** `request:142`, `draft:ID`, or a list. */
export type Topic = `request:${number}` | `draft:${string}` | ListTopic;

/** How far the clocks of two portals may be apart: one renders a page, the other serves its stream. */
const CLOCKS_APART_MS = 2000;

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
  /** When this life of the connection began to hear, in milliseconds since 1970; before, it heard nothing. */
  private hearingSince: number | undefined;
  private readonly lastHeard = new Map<string, number>();

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    void this.connect();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.disconnect();
    };
  }

  mayHaveMissed(topics: readonly ListTopic[], since: number): boolean {
    // Not connected yet: everybody is woken as soon as it is.
    if (this.hearingSince === undefined) return false;
    const from = since - CLOCKS_APART_MS;
    return this.hearingSince > from || topics.some((topic) => (this.lastHeard.get(topic) ?? 0) > from);
  }

  private disconnect(): void {
    const client = this.client;
    this.client = undefined;
    this.hearingSince = undefined;
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
      this.hearingSince = Date.now();
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
    if (isListTopic(topic)) this.lastHeard.set(topic, Date.now());
    for (const listener of this.listeners) listener(topic);
  }
}

const isListTopic = (topic: string) => (listTopics as readonly string[]).includes(topic);

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

/**
 * Whether one of `topics` may have been announced between `since` and now; whoever read the truth at `since` then has to read it again. Says
 * yes when it cannot know: this process did not listen yet at that time. Ask after `listen`, or an announcement falls between the two.
 *
 * @param since milliseconds since 1970, by the clock of any portal.
 */
export function mayHaveMissed(topics: readonly ListTopic[], since: number): boolean {
  return shared.slipwayHub?.mayHaveMissed(topics, since) ?? false;
}
