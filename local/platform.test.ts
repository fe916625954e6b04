/**
 * Proves that the sample platform repository is what it claims to be: as big as a real one, and healthy where it should be. What is odd about it
 * on purpose stands in platform-oddities.test.ts.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Profile } from '@/lib/generator/profile';
import {
  base,
  compose,
  dependencies,
  load,
  paths,
  proxyCompose,
  registry,
  root,
  stackNames,
  stackPath,
  text,
  traefik,
} from './platform-files';

describe('the size of a real one', () => {
  it('has a registry of 60 or more ports in ranges', () => {
    expect(registry().ports.length).toBeGreaterThanOrEqual(60);
    expect(Object.keys(registry().ranges).length).toBeGreaterThanOrEqual(12);
    expect(text('config/port_registry.yaml').split('\n').length).toBeGreaterThan(450);
  });

  it('has a root compose file of some 1,500 lines and eight stacks around a base', () => {
    expect(text('docker-compose.yml').split('\n').length).toBeGreaterThan(1400);
    expect(Object.keys(compose('docker-compose.yml').services).length).toBeGreaterThanOrEqual(25);
    for (const name of stackNames) {
      expect(compose(stackPath(name)).include, name).toEqual(['docker-compose.base.yml']);
      expect(Object.keys(compose(stackPath(name)).services).length, name).toBeGreaterThanOrEqual(2);
    }
  });

  it('has 40 or more routers, 41 services and 11 middlewares', () => {
    expect(Object.keys(traefik().routers)).toHaveLength(53);
    expect(Object.keys(traefik().services)).toHaveLength(41);
    expect(Object.keys(traefik().middlewares)).toHaveLength(11);
    expect(Object.keys(traefik().serversTransports)).toHaveLength(2);
  });

  it('has 25 or more runbooks', () => {
    expect(paths.filter((path) => path.startsWith('docs/runbooks/')).length).toBeGreaterThanOrEqual(25);
  });
});

describe('healthy where it should be', () => {
  const notYaml = new Set(['compose/docker-compose.legacy.yml']);
  const yamlPaths = paths.filter(
    (path) => /\.ya?ml$/.test(path) && !path.includes('/templates/') && !notYaml.has(path),
  );

  it.each(yamlPaths)('%s parses', (path) => {
    expect(() => load(path)).not.toThrow();
  });

  it.each(paths.filter((path) => path.endsWith('.json')))('%s parses', (path) => {
    expect(() => JSON.parse(text(path)) as unknown).not.toThrow();
  });

  it.each(paths.filter((path) => path.endsWith('.sh')))('%s is a script that bash accepts', (path) => {
    expect(execFileSync('bash', ['-n', join(root, path)], { encoding: 'utf8' })).toBe('');
    if (!path.endsWith('/lib.sh')) expect(statSync(join(root, path)).mode & 0o111, 'executable').not.toBe(0);
  });

  it('has a profile that fits the schema and names what exists', () => {
    const profile = Profile.parse(load('slipway.yaml'));
    const named = [
      profile.ports?.registry,
      profile.compose?.root,
      profile.compose?.base,
      ...Object.values(profile.compose?.stacks ?? {}),
      profile.traefik?.dynamic,
      profile.secrets?.localstackInit,
      profile.spiffe?.helperConfigs,
      profile.spiffe?.registration,
      profile.helm?.charts,
      profile.argocd?.applications,
      profile.runbooks?.folder,
      profile.runbooks?.catalog,
      profile.runbooks?.architectureIndex,
    ];
    for (const path of named) expect(existsSync(join(root, path ?? 'missing')), path).toBe(true);
    expect(Object.keys(profile.compose?.stacks ?? {}).sort()).toEqual(stackNames);
    for (const [name, category] of Object.entries(profile.categories)) {
      expect(Object.keys(registry().ranges), name).toContain(category.pool);
      expect(stackNames, name).toContain(category.stack);
      expect(profile.owners, name).toContain(category.owner);
    }
    const chain = traefik().middlewares[profile.traefik?.middlewares.forwardAuth[0] ?? ''];
    expect(chain?.chain?.middlewares).toEqual(['cors', 'security-headers', 'zitadel-auth']);
  });

  it.each(['docker-compose.yml', base, proxyCompose, ...stackNames.map(stackPath)])(
    '%s: dependencies, volumes and networks are of the same project',
    (path) => {
      const file = compose(path);
      const included = file.include.map((name) => compose(join(dirname(path), name)));
      const all = [file, ...included];
      const declared = (key: 'services' | 'volumes' | 'networks') => all.flatMap((one) => Object.keys(one[key]));
      for (const key of ['services', 'volumes', 'networks'] as const)
        expect(new Set(declared(key)).size, `${key} declared once`).toBe(declared(key).length);
      for (const [name, service] of Object.entries(file.services)) {
        expect(service.image ?? service.build, name).toBeDefined();
        for (const other of dependencies(service)) expect(declared('services'), `${name} waits`).toContain(other);
        const networks = Array.isArray(service.networks) ? service.networks : Object.keys(service.networks ?? {});
        for (const network of networks) expect(declared('networks'), name).toContain(network);
        for (const volume of service.volumes) {
          const source = typeof volume === 'string' ? (volume.split(':')[0] ?? '') : volume.source;
          if (/^\.{1,2}\//.test(source)) {
            const place = normalize(join(dirname(path), source));
            // The CA is issued on the machine and never committed (RUNBOOK-006).
            if (!place.endsWith('.pem')) expect(existsSync(join(root, place)), `${name}: ${place}`).toBe(true);
          } else if (!source.startsWith('/')) expect(declared('volumes'), name).toContain(source);
        }
      }
    },
  );

  it('defines every name that a router uses, but for the one seeded fault', () => {
    const { routers, services, middlewares, serversTransports } = traefik();
    const missing = Object.entries(routers).flatMap(([name, router]) => [
      ...(router.service.endsWith('@internal') || services[router.service] ? [] : [`${name}: ${router.service}`]),
      ...router.middlewares.filter((one) => !middlewares[one]).map((one) => `${name}: ${one}`),
    ]);
    expect(missing).toEqual(['saaa-admin: saaa-basic-auth']);
    for (const [name, { loadBalancer }] of Object.entries(services)) {
      if (loadBalancer.serversTransport === undefined) continue;
      expect(Object.keys(serversTransports), name).toContain(loadBalancer.serversTransport);
      expect(loadBalancer.servers[0]?.url, name).toMatch(/^https:/);
    }
  });

  it('holds nothing that looks like a live key', () => {
    const live = /AKIA[0-9A-Z]{16}|ghp_\w{20}|glpat-[\w-]{20}|sk-[A-Za-z0-9]{20}|xox[bp]-|AIza[\w-]{30}|-----BEGIN/;
    expect(paths.filter((path) => live.test(text(path)))).toEqual([]);
  });
});
