import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildStrip, cellsOutside, type HeldPort, type SeenPort } from './strip';

const seen = (service: string, from: number, to = from, protocol: 'tcp' | 'udp' = 'tcp'): SeenPort => ({
  service,
  protocol,
  range: { from, to },
  path: 'config/port_registry.yaml',
  line: from,
});
const held = (service: string, requestId: number, from: number, to = from, state: HeldPort['state'] = 'held') => ({
  service,
  protocol: 'tcp' as const,
  range: { from, to },
  requestId,
  state,
  leaseUntil: state === 'held' ? new Date('2026-12-04T14:06:00Z') : undefined,
});
const pool = { name: 'realtime', from: 7880, to: 7899 };

describe('a pool as a strip', () => {
  test('every port of the pool is a cell, in one state, with its owner and link', () => {
    const strip = buildStrip(
      pool,
      [seen('livekit', 7880), seen('livekit', 7881, 7884, 'udp')],
      [held('coturn', 138, 7890, 7892), held('sip', 139, 7894, 7894, 'reserved')],
    );
    expect(strip.cells).toHaveLength(20);
    expect(strip.counts).toEqual({ taken: 5, held: 3, reserved: 1, free: 11 });
    expect(strip.nextFree).toBe(7885);
    expect(strip.segments).toEqual([
      { from: 7880, to: 7884, state: 'taken', label: 'livekit', href: '/services/livekit' },
      { from: 7890, to: 7892, state: 'held', label: 'coturn, request 138', href: '/requests/138' },
      { from: 7894, to: 7894, state: 'reserved', label: 'sip, request 139', href: '/requests/139' },
    ]);
    expect(strip.cells[10]?.owners[0]).toMatchObject({ leaseUntil: '2026-12-04T14:06:00.000Z', requestId: 138 });
  });

  test('what registry, Compose and Traefik say of one service is one owner; two services on one port are two', () => {
    const strip = buildStrip(pool, [seen('livekit', 7880), seen('livekit', 7880), seen('other', 7880)], []);
    expect(strip.cells[0]?.owners.map((owner) => owner.service)).toEqual(['livekit', 'other']);
    expect(strip.counts.taken).toBe(1);
  });

  test('a port that is active and found in main is taken, and says where', () => {
    const strip = buildStrip(pool, [seen('livekit', 7880)], [held('livekit', 12, 7880, 7880, 'active')]);
    expect(strip.cells[0]).toMatchObject({
      state: 'taken',
      owners: [{ service: 'livekit', place: 'config/port_registry.yaml:7880', href: '/services/livekit' }],
    });
  });

  test('ranges that reach over the edge count inside only, and what stands in no pool is listed apart', () => {
    const strip = buildStrip(pool, [seen('wide', 7870, 7881)], []);
    expect(strip.counts.taken).toBe(2);
    expect(cellsOutside([pool], [seen('wide', 7878, 7881)], []).map((cell) => cell.port)).toEqual([7878, 7879]);
  });

  test('counts add up to the pool whatever overlaps', () => {
    const range = fc.tuple(fc.integer({ min: 7860, max: 7910 }), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(range), fc.array(range), (files, holds) => {
        const strip = buildStrip(
          pool,
          files.map(([from, more], index) => seen(`s${index % 3}`, from, from + more)),
          holds.map(([from, more], index) => held(`h${index % 3}`, index + 1, from, from + more)),
        );
        const total = Object.values(strip.counts).reduce((sum, count) => sum + count, 0);
        expect(total).toBe(20);
        expect(strip.cells.every((cell) => (cell.state === 'free') === (cell.owners.length === 0))).toBe(true);
      }),
    );
  });
});
