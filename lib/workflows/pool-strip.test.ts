import { describe, expect, it } from 'vitest';
import { poolStrip } from './pool-strip';

const seen = (service: string, from: number, to = from, protocol: 'tcp' | 'udp' = 'tcp') =>
  ({ source: 'registry', service, protocol, range: { from, to }, path: 'config/port_registry.yaml', line: 7 }) as const;
const held = (service: string, port: number, requestId: number) =>
  ({
    service,
    protocol: 'tcp',
    range: { from: port, to: port },
    requestId,
    state: 'held',
    leaseUntil: new Date('2026-12-04T14:06:00Z'),
    portName: 'http',
  }) as const;

describe('poolStrip', () => {
  const strip = poolStrip(
    { name: 'realtime', from: 7880, to: 7889 },
    [seen('livekit', 7880, 7882), seen('livekit', 7881, 7882, 'udp'), seen('other', 9000), seen('sip', 7884)],
    [held('coturn', 7883, 138), held('late', 7884, 139)],
  );

  it('counts and finds the next free port', () => {
    expect(strip.counts).toEqual({ taken: 4, held: 1, reserved: 0, free: 5 });
    expect(strip.nextFree).toBe(7885);
  });

  it('names neighbours once, with the request where it is only promised', () => {
    expect(strip.segments).toEqual([
      { from: 7880, to: 7882, state: 'taken', label: 'livekit', href: '/services/livekit' },
      { from: 7883, to: 7883, state: 'held', label: 'coturn, request 138', href: '/requests/138' },
      { from: 7884, to: 7884, state: 'taken', label: 'sip', href: '/services/sip' },
    ]);
  });

  it('shows everybody who claims a port, the strongest state drawn', () => {
    expect(strip.cells[4]).toMatchObject({ port: 7884, state: 'taken' });
    expect(strip.cells[4]?.owners.map(({ service }) => service).sort()).toEqual(['late', 'sip']);
  });
});
