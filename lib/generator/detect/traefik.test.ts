import { describe, expect, it } from 'vitest';
import { detectProfile } from '../detect';
import { treeOf } from '../overlay';
import { sampleTree } from '../test-sample';

function router(name: string, host: string, more = ''): string {
  return `    ${name}:\n      rule: Host(\`${host}\`)\n      service: ${name.replace(/-dev$/, '')}\n${more}`;
}

describe('detecting Traefik', () => {
  it('finds on the sample what its own profile says', () => {
    const tree = sampleTree();
    const { profile } = detectProfile({ ...tree, paths: tree.paths.filter((path) => path !== 'slipway.yaml') });
    expect(profile.traefik).toMatchObject({
      dynamic: 'ravenhelm-proxy/dynamic.yml',
      labels: false,
      twin: { domain: 'ravenhelm.dev', certResolver: 'letsencrypt', routerSuffix: '-dev' },
      transportSuffix: '-transport',
      middlewares: { forwardAuth: ['protected'], sse: ['sse-headers'] },
    });
  });

  it('finds a folder of dynamic files', () => {
    const { profile } = detectProfile(
      treeOf({
        'proxy/dynamic/a.yml': `http:\n  routers:\n${router('a', 'a.x.test')}`,
        'proxy/dynamic/b.yml': `http:\n  routers:\n${router('b', 'b.x.test', '      middlewares: [auth]\n')}`,
        'proxy/dynamic/middlewares.yml': 'http:\n  middlewares:\n    auth:\n      forwardAuth: {address: http://a}\n',
        'proxy/dynamic/old.yml.bak': 'http:\n  routers: {}\n',
      }),
    );
    expect(profile.traefik).toMatchObject({ dynamic: 'proxy/dynamic/', middlewares: { forwardAuth: ['auth'] } });
    expect(profile.platform.domain).toBe('x.test');
  });

  it('takes one service under two domains for chance, two for a habit', () => {
    const once = `http:\n  routers:\n${router('a', 'a.x.test')}${router('a-dev', 'a.x.dev')}${router('b', 'b.x.test')}`;
    expect(detectProfile(treeOf({ 'dynamic.yml': once })).profile.traefik?.twin).toBeUndefined();
    const twice = `${once}${router('b-dev', 'b.x.dev')}${router('c', 'c.x.test')}`;
    expect(detectProfile(treeOf({ 'dynamic.yml': twice })).profile.traefik?.twin).toEqual({
      domain: 'x.dev',
      routerSuffix: '-dev',
    });
  });

  it('finds the middlewares of labels that a file defines, also where a stack includes the containers’ files', () => {
    const part = (name: string, middleware: string) =>
      `services:\n  ${name}:\n    image: a:1\n    labels:\n      - traefik.http.routers.${name}.rule=Host(\`${name}.x.test\`)\n      - traefik.http.routers.${name}.middlewares=${middleware}\n`;
    const { profile } = detectProfile(
      treeOf({
        'docker-compose.yml': 'include:\n  - parts/a.yml\n  - parts/b.yml\n  - parts/c.yml\n  - parts/d.yml\n',
        'parts/a.yml': part('a', 'chain-login@file'),
        'parts/b.yml': part('b', 'chain-open@file'),
        'parts/c.yml': part('c', 'chain-open@file'),
        'parts/d.yml': part('d', 'unknown@file'),
        'rules/login.yml':
          'http:\n  middlewares:\n    login:\n      forwardAuth: { address: http://a }\n    chain-login:\n      chain: { middlewares: [login] }\n',
        'rules/open.yml': 'http:\n  middlewares:\n    chain-open:\n      chain: { middlewares: [limit] }\n',
      }),
    );
    expect(profile.traefik).toMatchObject({
      labels: true,
      middlewares: { forwardAuth: ['chain-login@file'], public: ['chain-open@file'], ownOauth: ['chain-open@file'] },
    });
  });

  it('finds routes that are labels of containers', () => {
    const labels = (name: string) =>
      `  ${name}:\n    labels:\n      - traefik.http.routers.${name}.rule=Host(\`${name}.x.test\`)\n      - traefik.http.routers.${name}.middlewares=auth@docker\n`;
    const proxy =
      '  proxy:\n    image: traefik:v3\n    labels:\n      traefik.http.middlewares.auth.forwardauth.address: http://a\n';
    const { profile, inferences } = detectProfile(
      treeOf({ 'docker-compose.yml': `services:\n${proxy}${labels('a')}${labels('b')}` }),
    );
    expect(profile.traefik).toMatchObject({ labels: true, middlewares: { forwardAuth: ['auth@docker'] } });
    expect(profile.traefik?.dynamic).toBeUndefined();
    expect(profile.platform.domain).toBe('x.test');
    expect(inferences.map((one) => one.key)).toContain('traefik.labels');
  });
});

describe('detecting the port registry', () => {
  it.each([
    ['a list under another name', 'ports.yaml', 'entries:\n  - {service: a, port: 8000}\n', 'entries'],
    [
      'the longer of two lists',
      'port_registry.yml',
      'notes: [{x: 1}, {x: 2}]\nused: [{service: a, port: 1}]\n',
      'used',
    ],
    ['a map of services', 'config/port-map.yaml', 'services:\n  a: {port: 8000}\n  b: {port: 8001}\n', 'services'],
    ['a list below other keys', 'ports.yaml', 'box:\n  ports:\n    - {service: a, port: 8000}\n', 'box.ports'],
    ['the whole document', 'ports.yaml', '- {service: a, port: 8000}\n', 'ports'],
    ['JSON', 'config/ports.json', '{"registry": [{"service": "a", "port": 8000}]}\n', 'registry'],
  ])('finds %s', (_, path, text, section) => {
    expect(detectProfile(treeOf({ [path]: text })).profile.ports).toMatchObject({ registry: path, section });
  });
});
