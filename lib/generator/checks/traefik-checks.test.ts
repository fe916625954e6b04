// What is added to Traefik's files, sound and with seeded faults: the form of transports, names that lead nowhere, hosts and paths of others.
import { describe, expect, it } from 'vitest';
import { digestOf } from '../digest';
import { treeOf } from '../overlay';
import { Profile } from '../profile';
import { resolvedSpec } from '../test-resolved-spec';
import type { Plan } from '../types';
import { checkInput } from './check';
import { hostsUnique } from './hosts-unique';
import { referencesDefined } from './references-defined';
import { traefikSchema } from './traefik-schema';

const manifest = resolvedSpec({
  name: 'relay',
  purpose: 'Relays',
  category: 'media',
  owner: 'o',
  ports: [{ name: 'http', internal: 80, external: 7881, why: 'w' }],
  security: { mtls: true },
  runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
  routing: { host: 'relay.x.test' },
});

const base = `http:
  routers:
    old:
      rule: Host(\`old.x.test\`)
      service: old-svc
    old-api:
      rule: Host(\`old.x.test\`) && PathPrefix(\`/api\`)
      service: old-svc
      priority: 10
    callback:
      rule: HostRegexp(\`^.+\\.x\\.test$\`) && PathPrefix(\`/oauth2/\`)
      service: old-svc
      priority: 1000
    old-form:
      rule: Host(\`form.x.test\`)
      service: nowhere
  services:
    old-svc:
      loadBalancer:
        servers:
          - url: http://old:80
  middlewares:
    protected:
      chain:
        middlewares: [a]
  serversTransports:
    old-transport:
      tls:
        rootCAs: [/old.pem]
`;
const sound = base
  .replace(
    '  services:\n',
    '    relay:\n      rule: Host(`relay.x.test`)\n      service: relay-svc\n      middlewares: [protected]\n      tls: {}\n  services:\n',
  )
  .replace(
    '  middlewares:\n    protected',
    '    relay-svc:\n      loadBalancer:\n        serversTransport: relay-transport\n        servers:\n          - url: https://relay:80\n  middlewares:\n    protected',
  )
  .concat(
    '    relay-transport:\n      serverName: relay.x.test\n      rootCAs: [/ca.pem]\n      certificates:\n        - certFile: /cert.pem\n          keyFile: /key.pem\n',
  );

function run(after: string, files: Record<string, string> = {}, dynamic = 'dynamic.yml'): Record<string, string> {
  const path = dynamic.endsWith('/') ? `${dynamic}relay.yml` : dynamic;
  const profile = Profile.parse({
    platform: { name: 'x', domain: 'x.test' },
    compose: { root: 'docker-compose.yml' },
    traefik: { dynamic },
  });
  const tree = treeOf({ ...(dynamic === path ? { [path]: base } : {}), ...files });
  const changes = [{ path, before: tree.read(path) ?? null, after, executable: false }];
  const commits: Plan['commits'] = [{ key: 'routing', subject: 's', body: '', files: changes }];
  const plan: Plan = {
    action: 'add',
    outcome: 'changes',
    commits,
    files: changes,
    conflicts: [],
    refusals: [],
    findings: [],
    followUps: [],
    digest: digestOf(commits),
  };
  const input = checkInput({ plan, manifest, profile, tree });
  return Object.fromEntries(
    [traefikSchema, referencesDefined, hostsUnique].map((check) => {
      const { status, detail } = check.run(input);
      return [check.id, status === 'fail' ? (detail.split('\n')[0] ?? '') : status];
    }),
  );
}

/** The sound change with its last such text exchanged. */
function faulty(from: string, to: string): string {
  const at = sound.lastIndexOf(from);
  expect(at, from).toBeGreaterThan(0);
  return sound.slice(0, at) + to + sound.slice(at + from.length);
}

const passed = { 'traefik-schema': 'pass', 'references-defined': 'pass', 'hosts-unique': 'pass' };

describe('what is added to Traefik', () => {
  it('passes where it is sound, whatever old faults stand beside it', () => {
    expect(run(sound)).toEqual(passed);
  });

  it.each<[keyof typeof passed, string, string, RegExp]>([
    [
      'traefik-schema',
      '      serverName: relay.x.test\n',
      '      tls:\n        serverName: x\n',
      /relay-transport.*tls/,
    ],
    ['traefik-schema', 'keyFile: /key.pem', 'key: /key.pem', /certificates/],
    ['traefik-schema', 'rootCAs: [/ca.pem]', 'rootCAs: /ca.pem', /rootCAs/],
    ['traefik-schema', 'service: relay-svc', 'services: relay-svc', /required property 'service'/],
    ['references-defined', 'serversTransport: relay-transport', 'serversTransport: relay', /transport relay,/],
    ['references-defined', 'service: relay-svc', 'service: relay', /service relay,/],
    ['references-defined', 'middlewares: [protected]', 'middlewares: [protect]', /middleware protect,/],
    ['hosts-unique', 'Host(`relay.x.test`)', 'Host(`old.x.test`)', /answered by the router old already/],
    ['hosts-unique', 'Host(`relay.x.test`)', 'Host(`a.x.test`) || Host(`form.x.test`)', /router old-form already/],
    [
      'hosts-unique',
      'rule: Host(`relay.x.test`)',
      'rule: Host(`old.x.test`) && PathPrefix(`/`)\n      priority: 500',
      /takes requests that are for old-api|answered by the router old/,
    ],
    [
      'hosts-unique',
      'rule: Host(`relay.x.test`)',
      'rule: Host(`old.x.test`) && PathPrefix(`/api/v2`)\n      priority: 9',
      /old .* takes every request before/,
    ],
    [
      'hosts-unique',
      'rule: Host(`relay.x.test`)',
      'rule: Host(`relay.x.test`)\n      priority: 2000',
      /takes requests that are for callback/,
    ],
  ])('fails %s with %j', (check, from, to, message) => {
    expect(run(faulty(from, to))[check]).toMatch(message);
  });

  it('is held against every file of a folder, and against labels', () => {
    const relay =
      'http:\n  routers:\n    relay:\n      rule: Host(`relay.x.test`)\n      service: old-svc\n      middlewares: [protected]\n';
    expect(run(relay, { 'dynamic/base.yml': base }, 'dynamic/')).toEqual(passed);
    expect(run(relay, { 'dynamic/base.yml': base.replace('form.x.test', 'relay.x.test') }, 'dynamic/')).toMatchObject({
      'hosts-unique': expect.stringContaining('dynamic/base.yml') as string,
    });
    expect(run(relay, {}, 'dynamic/')['references-defined']).toMatch(/service old-svc/);
    const labels = 'services:\n  a:\n    labels: ["traefik.http.routers.a.rule=Host(`relay.x.test`)"]\n';
    expect(run(sound, { 'docker-compose.yml': labels })['hosts-unique']).toMatch(/docker-compose.yml:2/);
  });
});
