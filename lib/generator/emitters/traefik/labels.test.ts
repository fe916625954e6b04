import { describe, expect, it } from 'vitest';
import type { ManifestInput } from '@/lib/services/manifest';
import { Profile } from '../../profile';
import { resolvedSpec } from '../../test-resolved-spec';
import type { LabelledSibling } from './label-house';
import { traefikLabels } from './labels';

const sibling: LabelledSibling = {
  networks: ['proxy'],
  labels: {
    'traefik.enable': 'true',
    'traefik.docker.network': 'proxy',
    'traefik.http.routers.n8n.rule': 'Host(`n8n.example.test`)',
    'traefik.http.routers.n8n.entrypoints': 'websecure',
    'traefik.http.routers.n8n.tls.certResolver': 'le',
    'traefik.http.routers.n8n.middlewares': 'protected@file',
    'traefik.http.services.n8n.loadbalancer.server.port': '5678',
  },
};

function profile(traefik: object): Profile {
  return Profile.parse({
    platform: { name: 'x', domain: 'example.test' },
    traefik: { labels: true, middlewares: { forwardAuth: ['protected'] }, ...traefik },
  });
}

function spec(change: Partial<ManifestInput> = {}) {
  return resolvedSpec({
    name: 'relay',
    purpose: 'Relays',
    category: 'media',
    owner: 'o',
    ports: [{ name: 'http', internal: 8080, external: 'none', why: 'API' }],
    runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
    routing: { host: 'relay.example.test' },
    ...change,
  });
}

describe('traefikLabels', () => {
  it('says the route as the siblings say theirs', () => {
    expect(traefikLabels(spec(), profile({}), [sibling, { labels: { 'x.project': 'p' }, networks: [] }])).toEqual({
      'traefik.enable': 'true',
      'traefik.docker.network': 'proxy',
      'traefik.http.routers.relay.rule': 'Host(`relay.example.test`)',
      'traefik.http.routers.relay.entrypoints': 'websecure',
      'traefik.http.routers.relay.tls.certResolver': 'le',
      'traefik.http.routers.relay.middlewares': 'protected@file',
      'traefik.http.services.relay.loadbalancer.server.port': '8080',
    });
  });

  it('says the usual where there is nobody to ask', () => {
    expect(traefikLabels(spec(), profile({ entryPoints: ['web', 'tls'] }), [])).toEqual({
      'traefik.enable': 'true',
      'traefik.http.routers.relay.rule': 'Host(`relay.example.test`)',
      'traefik.http.routers.relay.entrypoints': 'web,tls',
      'traefik.http.routers.relay.tls': 'true',
      'traefik.http.routers.relay.middlewares': 'protected',
      'traefik.http.services.relay.loadbalancer.server.port': '8080',
    });
  });

  it('names the service where two routers share it, and speaks TLS with a transport of the dynamic file', () => {
    const manifest = spec({ security: { mtls: true }, routing: { host: 'relay.example.test', path: '/a', sse: true } });
    const twin = { twin: { domain: 'example.dev', certResolver: 'le' } };
    expect(Object.entries(traefikLabels(manifest, profile(twin), [])).slice(1)).toEqual([
      ['traefik.http.routers.relay.rule', 'Host(`relay.example.test`) && PathPrefix(`/a`)'],
      ['traefik.http.routers.relay.tls', 'true'],
      ['traefik.http.routers.relay.middlewares', 'protected'],
      ['traefik.http.routers.relay.service', 'relay-svc'],
      ['traefik.http.routers.relay-dev.rule', 'Host(`relay.example.dev`) && PathPrefix(`/a`)'],
      ['traefik.http.routers.relay-dev.tls.certresolver', 'le'],
      ['traefik.http.routers.relay-dev.middlewares', 'protected'],
      ['traefik.http.routers.relay-dev.service', 'relay-svc'],
      ['traefik.http.services.relay-svc.loadbalancer.server.port', '8080'],
      ['traefik.http.services.relay-svc.loadbalancer.server.scheme', 'https'],
      ['traefik.http.services.relay-svc.loadbalancer.serverstransport', 'relay-transport@file'],
      ['traefik.http.services.relay-svc.loadbalancer.responseforwarding.flushinterval', '-1ms'],
    ]);
  });

  it('says nothing where routes stand in a dynamic file, or nobody asks for one', () => {
    const dynamic = Profile.parse({
      platform: { name: 'x', domain: 'example.test' },
      traefik: { dynamic: 'dynamic.yml' },
    });
    expect(traefikLabels(spec(), dynamic, [sibling])).toEqual({});
    expect(traefikLabels({ ...spec(), routing: undefined }, profile({}), [sibling])).toEqual({});
  });
});
