/** What happened to a request, in order. Append-only; an event's natural key makes it stand there once, however often its step runs. */
import type { Database } from '@/lib/db';
import { announce } from '@/lib/events';
import type { EventStatus } from './views';

export interface NewEvent {
  requestId: number;
  /** Natural key within the request: `commits`, `comment:123`. */
  key: string;
  /** See TimelineEntry.kind. */
  kind: string;
  status: EventStatus;
  /** One line, no full stop. */
  title: string;
  detail?: string | undefined;
  link?: string | undefined;
  actor?: string | undefined;
  durationMs?: number | undefined;
  /** When it happened, where that is not now: GitHub tells of some things later. */
  at?: Date | undefined;
}

/** @returns whether it was written; false where an event with this key stands there already. */
export async function recordEvent(database: Database, event: NewEvent): Promise<boolean> {
  const { count } = await database.timelineEvent.createMany({ data: [event], skipDuplicates: true });
  if (count > 0) await announce(database, `request:${event.requestId}`);
  return count > 0;
}
