// Routes that are labels of containers, sound and with seeded faults. What a dynamic file may say wrongly is in seeded-faults.test.ts.
import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { planAddition } from '../plan';
import { Profile } from '../profile';
import { resolvedSpec } from '../test-resolved-spec';
import type { Plan } from '../types';
import { checkInput } from './check';
import { namesAgree } from './names-agree';

const manifest = resolvedSpec({
  name: 'relay',
  purpose: 'Relays',
  category: 'media',
  owner: 'o',
  ports: [{ name: 'http', internal: 8443, external: 'none', why: 'API' }],
  security: { mtls: true },
  runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
  routing: { host: 'relay.x.test' },
});
const compose = 'docker-compose.yml';
const dynamic = 'dynamic.yml';
const tree = treeOf({
  [dynamic]: 'http:\n  middlewares:\n    protected:\n      chain:\n        middlewares: [a]\n',
  [compose]:
    'services:\n  old:\n    image: b:1\n    labels:\n      traefik.enable: "true"\n      traefik.http.routers.old.rule: Host(`old.x.test`)\n',
});
const profile = Profile.parse({
  platform: { name: 'x', domain: 'x.test' },
  compose: { root: compose },
  traefik: {
    dynamic,
    labels: true,
    middlewares: { forwardAuth: ['protected@file'] },
    clientCertificates: { ca: '/ca.pem', cert: '/cert.pem', key: '/key.pem' },
    twin: { domain: 'x.dev', certResolver: 'le' },
  },
});
const sound = planAddition({ manifest, profile, tree });

function judge(from = '', to = '') {
  const alter = (text: string | null) => text?.replace(from, to) ?? null;
  const files = sound.files.map((file) => (file.path === compose ? { ...file, after: alter(file.after) } : file));
  if (from !== '') expect(files).not.toEqual(sound.files);
  const plan: Plan = { ...sound, files };
  return namesAgree.run(checkInput({ plan, manifest, profile, tree }));
}

describe('names-agree on labels', () => {
  it('passes what is planned', () => {
    expect(sound).toMatchObject({ conflicts: [], refusals: [] });
    const { status, detail } = judge();
    expect([status, detail]).toEqual(['pass', expect.stringContaining('a router answers on relay.x.dev')]);
  });

  it.each([
    ['a twin under another host', 'relay.x.dev', 'relay.x.devel', 'answers on relay.x.dev'],
    ['another port', '.server.port: "8443"', '.server.port: "8080"', 'lead to port 8443'],
    ['plain http', '.server.scheme: https', '.server.scheme: http', 'name https'],
    ['no transport', '.loadbalancer.serverstransport:', '.loadbalancer.transport:', 'the transport'],
  ])('tells of %s', (_, from, to, message) => {
    expect(judge(from, to)).toMatchObject({ status: 'fail', detail: expect.stringContaining(message) as string });
  });
});
