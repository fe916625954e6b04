// Shapes of registries that are rare and must not be overlooked: what is taken there is taken.
import { formatPortRange } from '@/lib/services/port-range';
import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { Profile } from '../profile';
import { observePorts } from './ports';

const profile = Profile.parse({ platform: { name: 'x', domain: 'x.test' }, ports: { registry: 'ports.yaml' } });

describe('the ports of a registry', () => {
  it.each([
    ['services by number', 'ports:\n  8000: a\n  8001-8003: b\n  8004: {service: c}\n', 'a 8000, b 8001-8003, c 8004'],
    ['numbers at the top', 'version: 1\na: 8000\nb: "8001-8003"\n', 'a 8000, b 8001-8003'],
    ['services at the top', 'a:\n  port: 8000\n  note: x\nb:\n  port: 8001\n', 'a 8000, b 8001'],
    ['several numbers for each', 'services:\n  a: [8000, 8001]\n  b:\n    - 8002\n', 'a 8000, a 8001, b 8002'],
    [
      'numbers without names',
      'ports:\n  - 8000\n  - "8001: b"\n  - service: c\n    port: 8002\n',
      'unnamed 8000, b 8001, c 8002',
    ],
    ['numbers parted by underscores', 'ports:\n  - {service: a, port: 8_000}\n', 'a 8000'],
    ['hexadecimal numbers', 'ports:\n  - {service: a, port: 0x1f40}\n', 'a 8000'],
    [
      'both sides in one',
      'ports:\n  - {service: a, mapping: "8000:80"}\n  - {service: b, port: "8001:80"}\n',
      'a 8000, b 8001',
    ],
    ['a wide range', 'ports:\n  - {service: a, port: 10000-20000}\n', 'a 10000-20000'],
    [
      'no port at all',
      'ports:\n  - {service: a, port: 99999}\n  - {service: b, port: -1}\n  - {service: c, port: tbd}\n',
      '',
    ],
  ])('are read from %s', (_, text, expected) => {
    const ports = [...observePorts(treeOf({ 'ports.yaml': text }), profile)].sort(
      (a, b) => a.range.from - b.range.from,
    );
    expect(ports.map((port) => `${port.service} ${formatPortRange(port.range)}`).join(', ')).toBe(expected);
  });

  it('are read from Compose however wide', () => {
    const text = 'services:\n  sfu:\n    image: s:1\n    ports: ["10000-20000:10000-20000/udp"]\n';
    const compose = Profile.parse({ platform: { name: 'x', domain: 'x.test' }, compose: { root: 'compose.yaml' } });
    expect(observePorts(treeOf({ 'compose.yaml': text }), compose)).toMatchObject([
      { service: 'sfu', protocol: 'udp', range: { from: 10_000, to: 20_000 } },
    ]);
  });
});
