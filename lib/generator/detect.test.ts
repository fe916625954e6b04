import { describe, expect, it } from 'vitest';
import { detectProfile } from './detect';
import { loadProfile } from './load-profile';
import { treeOf } from './overlay';
import { sampleProfile, sampleTree } from './test-sample';
import type { Tree } from './types';

const sample = sampleTree();
const written = sampleProfile(sample);
const bare: Tree = {
  paths: sample.paths.filter((path) => path !== 'slipway.yaml'),
  read: (path) => (path === 'slipway.yaml' ? undefined : sample.read(path)),
};

describe('detectProfile', () => {
  const { profile, inferences } = detectProfile(bare);

  it('finds on the sample what its own profile says', () => {
    expect(profile.ports).toMatchObject({ registry: written.ports?.registry, section: written.ports?.section });
    expect(profile.compose).toMatchObject({
      root: written.compose?.root,
      base: written.compose?.base,
      stacks: written.compose?.stacks,
      defaultNetwork: written.compose?.defaultNetwork,
      reservedNetworks: written.compose?.reservedNetworks,
      restart: written.compose?.restart,
    });
    expect(profile.traefik).toMatchObject({
      dynamic: written.traefik?.dynamic,
      backend: written.traefik?.backend,
      dockerHost: written.traefik?.dockerHost,
      serviceSuffix: written.traefik?.serviceSuffix,
    });
    expect(profile.traefik?.middlewares.forwardAuth).toEqual(written.traefik?.middlewares.forwardAuth);
    expect(profile.naming).toEqual(written.naming);
    expect(profile.platform).toMatchObject({ domain: written.platform.domain, host: written.platform.host });
    expect(profile.helm).toMatchObject({ charts: written.helm?.charts, environments: written.helm?.environments });
    expect(profile.argocd).toEqual(written.argocd);
    expect(profile.runbooks).toEqual(written.runbooks);
    expect(profile.observability).toEqual(written.observability);
    expect(profile.secrets?.localstackInit).toBe(written.secrets?.localstackInit);
    expect(profile.spiffe).toMatchObject({
      helperConfigs: written.spiffe?.helperConfigs,
      registration: written.spiffe?.registration,
    });
    expect(profile.categories['realtime']).toMatchObject({ pool: 'realtime', stack: 'integrations' });
  });

  it('gives evidence for every guess', () => {
    expect(inferences.length).toBeGreaterThan(20);
    for (const one of inferences) {
      expect(one.evidence, one.key).not.toBe('');
      expect(one.value, one.key).toBeDefined();
    }
  });

  it('takes an empty repository, a small one, and one that does not parse', () => {
    expect(detectProfile(treeOf({})).profile.ports).toBeUndefined();
    const small = detectProfile(
      treeOf({
        'docker-compose.yml': 'services:\n  a:\n    image: a:1\n    networks: [backend]\n    ports: ["8101:80"]\n',
        'port-registry.yml':
          '- service: a\n  category: web\n  port: 8101\n- service: b\n  category: web\n  port: 8102\n',
        'docker-compose.yml.bak': 'services: {}\n',
        'examples/dynamic.yml': 'http:\n  routers:\n    x: {rule: Host(`a.b.test`), service: x}\n',
      }),
    ).profile;
    expect(small.compose).toMatchObject({ root: 'docker-compose.yml', stacks: {}, defaultNetwork: 'backend' });
    expect(small.ports).toMatchObject({
      registry: 'port-registry.yml',
      pools: { default: { start: 8000, end: 8999 } },
    });
    expect(small.categories).toHaveProperty('web');
    expect(small.traefik).toBeUndefined();
    expect(
      detectProfile(
        treeOf({
          'docker-compose.yml': 'services: [',
          'ports.yaml': 'a: 1\na: 2\n',
          'd.yml': '\trouters:\n  routers:\n',
        }),
      ).profile.compose,
    ).toBeUndefined();
  });
});

describe('loadProfile', () => {
  it('takes the file, or says that it guessed', () => {
    expect(loadProfile(sample)).toMatchObject({ source: 'file', inferences: [] });
    expect(loadProfile(bare)).toMatchObject({ source: 'inferred' });
  });

  it('tells every problem of the file with its line', () => {
    const loaded = loadProfile(
      treeOf({
        'slipway.yaml':
          'version: 1\nplatform:\n  name: x\nnaming:\n  prefix: y\ntraefik:\n  dynamic: ../out.yml\n  backend: magic\n',
      }),
    );
    expect(loaded).toEqual({
      problems: [
        { path: 'platform.domain', line: 2, message: 'This field is missing.' },
        { path: 'naming.prefix', line: 5, message: expect.stringContaining('no such field') as string },
        { path: 'traefik.dynamic', line: 7, message: expect.stringContaining('inside the repository') as string },
        { path: 'traefik.backend', line: 8, message: expect.stringContaining('docker-host') as string },
      ],
    });
    expect(loadProfile(treeOf({ 'slipway.yaml': 'a: 1\na: 2\n' }))).toMatchObject({ problems: [{ line: 2 }] });
    expect(loadProfile({ paths: ['slipway.yaml'], read: () => undefined })).toMatchObject({ problems: [{ line: 1 }] });
  });
});
