import { describe, expect, test } from 'vitest';
import type { PortObservation } from '@/lib/generator/types';
import { assignPorts, type PlannedPort } from './observed-ports';

const at = (from: number, to = from) => ({ from, to });
const planned = (name: string, external: number, internal: number): PlannedPort => ({
  ...{ name, protocol: 'tcp', range: at(external), internal: at(internal) },
});
const seen = (external: number, more: Partial<PortObservation> = {}): PortObservation => ({
  ...{ source: 'compose', service: 'relay', protocol: 'tcp', range: at(external), path: 'compose.yml', line: 1 },
  ...more,
});
const inside = (internal: number) => ({ internal: at(internal) });
const numbersOf = (ports: readonly PlannedPort[], own: readonly PortObservation[]) =>
  Object.fromEntries(assignPorts(ports, own).map(({ portName, range }) => [portName, range.from]));

describe('which port of main is which', () => {
  const two = [planned('http', 8001, 80), planned('metrics', 8002, 90)];

  test.each([
    ['as planned', [seen(8001, inside(80)), seen(8002, inside(90))], { http: 8001, metrics: 8002 }],
    ['both shifted by one', [seen(8002, inside(80)), seen(8003, inside(90))], { http: 8002, metrics: 8003 }],
    ['swapped', [seen(8002, inside(80)), seen(8001, inside(90))], { http: 8002, metrics: 8001 }],
    [
      'swapped, by name',
      [seen(8002, { portName: 'http' }), seen(8001, { portName: 'metrics' })],
      { http: 8002, metrics: 8001 },
    ],
    [
      'one file still says what was planned',
      [seen(8005, inside(80)), seen(8001, { portName: 'http' }), seen(8002)],
      { http: 8001, metrics: 8002 },
    ],
    ['without names, one moved', [seen(8001), seen(8009)], { http: 8001, metrics: 8009 }],
    ['one of them is no longer there', [seen(8001)], { http: 8001, metrics: 8002 }],
    ['one number for both: it is one port', [seen(8002, inside(80)), seen(8002, inside(90))], { http: 8002 }],
    ['nothing is there', [], { http: 8001, metrics: 8002 }],
    [
      'another protocol and another width are other ports',
      [seen(8005, { protocol: 'udp', ...inside(80) }), seen(8005, { range: at(8005, 8006) })],
      { http: 8001, metrics: 8002 },
    ],
  ] satisfies [string, PortObservation[], Record<string, number>][])('%s', (_what, own, numbers) => {
    expect(numbersOf(two, own)).toEqual(numbers);
  });
});
