import { describe, expect, it } from 'vitest';
import { Profile } from '../profile';
import type { Tree } from '../types';
import { observeFindings } from './findings';
import { observeHosts } from './hosts';
import { listPools, observePorts } from './ports';
import { observeServices } from './services';

const profile = Profile.parse({
  platform: { name: 'test', domain: 'example.test' },
  ports: { registry: 'ports.yaml', pools: { extra: { start: 100, end: 200 } } },
  compose: { root: 'docker-compose.yml', base: 'compose/base.yml', stacks: { ai: 'compose/docker-compose.ai.yml' } },
  traefik: { dynamic: 'proxy/dynamic.yml' },
});

function treeOf(files: Record<string, string>): Tree {
  return { paths: Object.keys(files).sort(), read: (path) => files[path] };
}

function ports(files: Record<string, string>): string[] {
  return observePorts(treeOf(files), profile).map((port) => {
    const range = port.range.from === port.range.to ? port.range.from : `${port.range.from}-${port.range.to}`;
    const inside = port.internal ? `>${port.internal.from}` : '';
    return `${port.path}:${port.line} ${port.service}${port.portName ? `.${port.portName}` : ''} ${range}${inside}/${port.protocol}`;
  });
}

describe('observePorts', () => {
  it('reads a registry that is a list of entries', () => {
    expect(
      ports({
        'ports.yaml':
          '- service: a\n  port: 7880\n  internal_port: 80\n- {name: b, port: "7881-7892", protocol: UDP}\n- c: 1\n',
      }),
    ).toEqual(['ports.yaml:2 a 7880>80/tcp', 'ports.yaml:4 b 7881-7892/udp']);
  });

  it('reads groups, nested services, maps of ports and ranges in strings', () => {
    const text = [
      'version: 1',
      'ports:',
      '  - port: 3000',
      '    service: grafana',
      'shared:',
      '  livekit:',
      '    api_port: 7880',
      '    rtc_ports: 7881-7892',
      '    domain: livekit.example.test',
      '  kafka:',
      '    ports: {external: 29092, admin: 9644}',
      '  seen:',
      '    services:',
      '      - name: grafana',
      '        port: 3000',
      '        internal_port: 3000',
      '      - name: web',
      '        port: 3001',
      'next_available: {shared: 7893}',
      '',
    ].join('\n');
    expect(ports({ 'ports.yaml': text })).toEqual([
      'ports.yaml:3 grafana 3000/tcp',
      'ports.yaml:7 livekit.api 7880/tcp',
      'ports.yaml:8 livekit.rtc 7881-7892/tcp',
      'ports.yaml:8 livekit.rtc 7881-7892/udp',
      'ports.yaml:11 kafka.external 29092/tcp',
      'ports.yaml:11 kafka.admin 9644/tcp',
      'ports.yaml:15 grafana.grafana 3000>3000/tcp',
      'ports.yaml:18 seen.web 3001/tcp',
    ]);
  });

  it('takes the protocol of a range from the list where a group repeats it, and sections below sections', () => {
    const text = [
      'box:',
      '  ports:',
      '    - {service: relay, port: 7000-7003, protocol: udp}',
      'shared:',
      '  relay:',
      '    rtc_ports: 7000-7003',
      '    domain: relay.example.test',
      '',
    ].join('\n');
    expect(ports({ 'ports.yaml': text })).toEqual([
      'ports.yaml:3 relay 7000-7003/udp',
      'ports.yaml:6 relay.rtc 7000-7003/udp',
    ]);
  });

  it('reads every way of publishing a port', () => {
    const text = [
      'x-ports: &ports',
      '  - "9000:9000"',
      'services:',
      '  a:',
      '    ports:',
      '      - "8080:80"',
      '      - 127.0.0.1:8081:80',
      '      - "[::1]:8082:80"',
      '      - "${WEB:-8083}:80"',
      '      - "${IP:-0.0.0.0}:${WEB:-8084}:${IN:-80}/udp"',
      '      - "8090-8092:90-92/udp"',
      '      - "${UNKNOWN}:80"',
      '      - "80"',
      '      - 81',
      '      - target: 82',
      '        published: "8093-8094"',
      '        protocol: udp',
      '      - 22:22',
      '  b:',
      '    ports: *ports',
      '',
    ].join('\n');
    expect(ports({ 'docker-compose.yml': text }).map((line) => line.replace('docker-compose.yml:', ''))).toEqual([
      '6 a 8080>80/tcp',
      '7 a 8081>80/tcp',
      '8 a 8082>80/tcp',
      '9 a 8083>80/tcp',
      '10 a 8084>80/udp',
      '11 a 8090-8092>90/udp',
      '15 a 8093-8094>82/udp',
      '18 a 22>22/tcp',
      '20 b 9000>9000/tcp',
    ]);
  });

  it('counts the Compose files in use, the proxy\u2019s and included ones among them, and no backup', () => {
    const one = (port: number): string => `services: {s${port}: {ports: ["${port}:1"]}}\n`;
    expect(
      ports({
        'compose/docker-compose.ai.yml': `include: [shared.yml]\n${one(1)}`,
        'compose/shared.yml': one(2),
        'proxy/docker-compose-traefik.yml': one(3),
        'docker-compose.yml': one(4),
        'docker-compose.override.yml': one(5),
        'docker-compose.yml.bak': one(6),
        'docker-compose.example.yml': one(7),
        'backup/docker-compose.yml': one(8),
        'docker-compose-old.yml': one(9),
      }).map((line) => line.split(' ')[1]),
    ).toEqual(['s1', 's4', 's2', 's5', 's3']);
  });

  it('reads what Traefik reaches through the Docker host', () => {
    const text =
      'http:\n  services:\n    a-svc:\n      loadBalancer:\n        servers:\n          - url: "http://host.docker.internal:8080"\n          - url: http://b:80\n';
    expect(ports({ 'proxy/dynamic.yml': text })).toEqual(['proxy/dynamic.yml:3 a 8080/tcp']);
  });
});

describe('listPools', () => {
  it('takes the registry\u2019s ranges and the profile\u2019s pools', () => {
    const text = 'ranges:\n  web: {start: 80, end: 90, description: Web}\n  odd: {start: 9, end: 1}\n  extra: 1-2\n';
    expect(listPools(treeOf({ 'ports.yaml': text }), profile)).toEqual([
      { name: 'web', from: 80, to: 90, description: 'Web' },
      { name: 'extra', from: 100, to: 200, description: '' },
    ]);
  });
});

describe('observeHosts', () => {
  it('reads alternatives, paths and regular expressions', () => {
    const rules = [
      'Host(`a.test`) || Host(`b.test`)',
      '(Host(`c.test`) || Host(`d.test`, `e.test`)) && PathPrefix(`/x`)',
      'Host(`f.test`) && (PathPrefix(`/y(`) || Path(`/z`)) && Method(`GET`)',
      'HostRegexp(`^.*$`) && PathPrefix(`/q`)',
    ];
    const text = `http:\n  routers:\n${rules.map((rule, index) => `    r${index}: {rule: "${rule}", service: s}\n`).join('')}`;
    expect(
      observeHosts(treeOf({ 'proxy/dynamic.yml': text }), profile).map(
        (one) => `${one.router} ${one.host}${one.path ?? ''}`,
      ),
    ).toEqual([
      ...['r0 a.test', 'r0 b.test', 'r1 c.test/x', 'r1 d.test/x', 'r1 e.test/x'],
      ...['r2 f.test/y(', 'r2 f.test/z'],
    ]);
  });
});

describe('observeServices', () => {
  it('reads root and stacks as one service with its places, the stack first, and finds its host', () => {
    const tree = treeOf({
      'compose/docker-compose.ai.yml':
        'services:\n  a:\n    image: a:2\n    container_name: p-a\n    labels: [x.y=z]\n    depends_on: [b]\n    ports: ["81:80"]\n',
      'docker-compose.yml': 'services:\n  a:\n    image: a:1\n    networks: {n: }\n  b:\n    labels: {q: 1}\n',
      'proxy/dynamic.yml':
        'http:\n  routers:\n    r: {rule: Host(`h.test`), service: t}\n  services:\n    t: {loadBalancer: {servers: [{url: "http://host.docker.internal:81"}]}}\n',
    });
    expect(observeServices(tree, profile)).toEqual([
      {
        name: 'a',
        stack: 'ai',
        file: 'compose/docker-compose.ai.yml',
        line: 2,
        containerName: 'p-a',
        image: 'a:2',
        ports: [{ range: { from: 81, to: 81 }, internal: { from: 80, to: 80 }, protocol: 'tcp' }],
        networks: [],
        dependsOn: ['b'],
        labels: { 'x.y': 'z' },
        host: 'h.test',
        places: [
          { path: 'compose/docker-compose.ai.yml', line: 2, stack: 'ai' },
          { path: 'docker-compose.yml', line: 2 },
        ],
      },
      expect.objectContaining({ name: 'b', file: 'docker-compose.yml', line: 5, labels: { q: '1' } }),
    ]);
  });
});

describe('observeFindings', () => {
  it('tells old faults with their lines', () => {
    const tree = treeOf({
      'ports.yaml': [
        'ranges:',
        '  work_api: {start: 8200, end: 8299}',
        '  more: {start: 8290, end: 8310}',
        'ports:',
        '  - {service: a, port: 8201}',
        '  - {service: b, port: 8201}',
        'work:',
        '  c: {api_port: 8202, domain: c.test}',
        '  d: {api_port: 8203, domain: c.test}',
        '  e: {api_port: 9000}',
        'shared:',
        '  f: {api_port: 8204}',
        'next_available:',
        '  work_api: 8201',
        '  more: 9999',
        '',
      ].join('\n'),
      'docker-compose.yml': 'services:\n  a: {ports: ["1:1"]}\n  b: {ports: ["1:1"]}\n',
      'compose/base.yml': 'a: 1\na: 2\n',
      'compose/docker-compose.ai.yml': '{}\n',
      'proxy/dynamic.yml': 'http:\n  routers:\n    r: {rule: Host(`x`), service: none, middlewares: [m, k@file]}\n',
    });
    expect(observeFindings(tree, profile).map((one) => `${one.kind} ${one.path}:${one.line}`)).toEqual([
      'unreadable compose/base.yml:2',
      'duplicate-port ports.yaml:6',
      'port-outside-range ports.yaml:10',
      'port-outside-range ports.yaml:12',
      'overlapping-ranges ports.yaml:3',
      'stale-hint ports.yaml:14',
      'stale-hint ports.yaml:15',
      'shared-domain ports.yaml:9',
      'unregistered-port docker-compose.yml:2',
      'unregistered-port docker-compose.yml:3',
      'port-published-twice docker-compose.yml:3',
      'undefined-name proxy/dynamic.yml:3',
      'undefined-name proxy/dynamic.yml:3',
    ]);
  });

  it.each([
    ['nothing at all', {}],
    ['no YAML', { 'ports.yaml': '{', 'docker-compose.yml': '\t', 'proxy/dynamic.yml': '{{ x }}\n' }],
    ['empty files', { 'ports.yaml': '', 'docker-compose.yml': '', 'proxy/dynamic.yml': '# none\n' }],
    ['other shapes', { 'ports.yaml': 'a\n', 'docker-compose.yml': '[1]\n', 'proxy/dynamic.yml': 'http: [1]\n' }],
    [
      'shapes that are nearly right',
      {
        'ports.yaml':
          'ranges: [1]\nports: [{port: x, service: y}, 0, ]\nwork: {a: {services: {}, ports: [[]]}}\nnext_available: {a: b}\n',
        'docker-compose.yml': 'services: {a: , b: {ports: {}, labels: 1, networks: x, depends_on: 3}}\ninclude: 1\n',
        'proxy/dynamic.yml':
          'http: {routers: {a: 1, b: {rule: [], tls: 1}}, services: {c: {loadBalancer: {servers: 1}}}}\n',
      },
    ],
  ])('is not thrown off by %s', (_, files) => {
    const tree = treeOf(files);
    expect(() => [
      observeFindings(tree, profile),
      observeServices(tree, profile),
      observeHosts(tree, profile),
    ]).not.toThrow();
    expect(observePorts(tree, profile)).toEqual([]);
  });
});
