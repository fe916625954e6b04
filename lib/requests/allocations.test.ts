import { describe, expect, it } from 'vitest';
import { givenUp, portsOf, type ReservationRow } from './allocations';
import { StoredResolved } from './stored';

const spec = (from: number, to = from, more: object = {}) =>
  StoredResolved.parse({
    ports: [{ name: 'rtp', protocol: 'udp', internal: { from, to }, external: { from, to } }],
    ...more,
  });
const row = (portFrom: number, portTo: number, more: Partial<ReservationRow> = {}): ReservationRow => ({
  ...{ portName: 'rtp', protocol: 'udp', portFrom, portTo, state: 'active', pool: 'rt', scope: 'host' },
  leaseUntil: null,
  ...more,
});
const shown = (...of: Parameters<typeof portsOf>) => portsOf(...of).map(({ external, state }) => ({ external, state }));

describe('the ports of a request', () => {
  it('are as main decided them where it has them itself', () => {
    expect(shown(spec(7000), [row(7001, 7001)], [])).toEqual([{ external: { from: 7001, to: 7001 }, state: 'active' }]);
  });

  it('are the service’s own already where only the request before it has them', () => {
    expect(shown(spec(7000), [], [row(7000, 7000)])).toEqual([{ external: { from: 7000, to: 7000 }, state: 'kept' }]);
  });

  it('are shown whole where a part is new', () => {
    const rows = [row(7005, 7009, { state: 'held' })];
    expect(shown(spec(7000, 7009), rows, [row(7000, 7004)])).toEqual([
      { external: { from: 7000, to: 7009 }, state: 'held' },
    ]);
  });

  it('are given back where nobody has them for the service', () => {
    const released = row(7000, 7000, { state: 'released' });
    expect(shown(spec(7000), [released], [])[0]?.state).toBe('released');
    expect(shown(spec(7000), [], [released])[0]?.state).toBe('released');
    expect(shown(spec(7000), [], [row(7000, 7000, { protocol: 'tcp' })])[0]?.state).toBe('released');
  });
});

describe('what a change lets go', () => {
  const before = { ...spec(7000, 7004), routing: { host: 'old.test', aliases: ['both.test'] } };

  it('is what the service had and has no more', () => {
    expect(givenUp(before, spec(7003, 7007), ['new.test', 'both.test'])).toEqual({
      ports: ['7000-7002/udp'],
      hosts: ['old.test'],
    });
  });

  it('is nothing where there was no service before', () => {
    expect(givenUp(undefined, spec(7000), ['new.test'])).toEqual({ ports: [], hosts: [] });
  });
});
