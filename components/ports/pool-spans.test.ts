import { expect, it } from 'vitest';
import { stripModel } from '@/components/ui/port-strip-model';
import type { PoolStrip } from '@/lib/ports/views';
import { poolSpans } from './pool-spans';

const pool: PoolStrip = {
  name: 'realtime',
  description: undefined,
  from: 7880,
  to: 7899,
  cells: [],
  segments: [
    { from: 7880, to: 7883, state: 'taken', label: 'livekit', href: '/services/livekit' },
    { from: 7884, to: 7884, state: 'reserved', label: 'coturn, request 138', href: '/requests/138' },
    { from: 7885, to: 7886, state: 'held', label: 'sip, request 140', href: '/requests/140' },
  ],
  counts: { free: 13, taken: 4, reserved: 1, held: 2 },
  nextFree: 7887,
};

it('draws promises hatched and reality solid', () => {
  const { counts } = stripModel(pool, poolSpans(pool));
  expect(counts).toEqual({ taken: 4, held: 3, yours: 0, clash: 0, free: 13 });
});

it('draws what the page is about as yours, wherever others stand, and nothing outside of the pool', () => {
  const spans = poolSpans(
    pool,
    [
      { from: 7884, to: 7884 },
      { from: 9000, to: 9001 },
    ],
    'coturn',
  );
  const { counts } = stripModel(pool, spans);
  expect(counts).toMatchObject({ yours: 1, held: 2 });
  expect(spans.filter(({ state }) => state === 'yours')).toHaveLength(1);
});
