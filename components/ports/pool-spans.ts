/** A pool as the domain tells it, in the words of the port strip. */
import type { PoolStrip } from '@/lib/ports/views';
import type { PortState, StripSpan } from '@/components/ui/port-strip-model';

interface Range {
  from: number;
  to: number;
}

/** `reserved` is a promise like `held`: drawn hatched until it is in main. */
const states: Record<'taken' | 'reserved' | 'held', PortState> = { taken: 'taken', reserved: 'held', held: 'held' };

/**
 * @param own ranges of what the page is about: drawn as yours.
 * @param owner whose they are.
 */
export function poolSpans(pool: PoolStrip, own: readonly Range[] = [], owner = ''): StripSpan[] {
  const spans = pool.segments.map((segment): StripSpan => ({
    from: segment.from,
    to: segment.to,
    state: states[segment.state],
    owner: segment.label,
    ...(segment.state === 'reserved' ? { detail: 'pull request open' } : {}),
  }));
  const mine = own
    .filter((range) => range.to >= pool.from && range.from <= pool.to)
    .map((range): StripSpan => ({ from: range.from, to: range.to, state: 'yours', owner }));
  return [...spans, ...mine];
}
