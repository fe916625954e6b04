/** Where a page that shows lists hears of changes. */
import type { ListTopic } from '@/lib/events';

/**
 * Call it before the page reads what it shows: the stream then also tells of what changed while the page was made and sent.
 *
 * @param topics the lists that the page is made of.
 * @returns the path of an event stream, for `Waterline`.
 */
export function liveSource(...topics: ListTopic[]): string {
  return `/api/v1/events?topics=${topics.join(',')}&since=${Date.now()}`;
}
