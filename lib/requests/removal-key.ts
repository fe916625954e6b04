/** Which submissions of a removal are one: what a page sends as its idempotency key. Pure. */

/** What of a removal's preview tells it from another one. */
interface Planned {
  live: { id: number };
  earlier: number;
  digest: string | undefined;
}

/**
 * The same removal is the same request, however often it is sent. After a cancelled one it is a new one, and so it is once the service was removed and added
 * again: the very same bytes are another live request's then.
 */
export function removalKey(service: string, { live, earlier, digest }: Planned): string {
  return `remove:${service}:${live.id}:${earlier}:${digest ?? ''}`;
}
