import { expect, it } from 'vitest';
import { Profile } from '@/lib/generator/profile';
import { Manifest } from '@/lib/services/manifest';
import type { ServiceDetails } from '@/lib/services/views';
import { serviceLinks, startCommands } from './service-links';

const profile = Profile.parse({
  platform: { name: 'ravenhelm', domain: 'ravenhelm.test' },
  naming: { containerPrefix: 'gitlab-sre-' },
  compose: { root: 'docker-compose.yml', stacks: { integrations: 'compose/docker-compose.integrations.yml' } },
  links: {
    grafana: 'https://grafana.ravenhelm.test/d/svc?var-container={container}',
    argocd: 'https://argocd.ravenhelm.test/applications/{service}-{environment}',
    jaeger: 'https://jaeger.ravenhelm.test/search?service={host}',
  },
});

const service: ServiceDetails = {
  name: 'livekit',
  displayName: undefined,
  purpose: undefined,
  state: 'live',
  category: 'realtime',
  owner: 'realtime',
  lifecycle: 'production',
  stack: 'integrations',
  host: undefined,
  ports: [],
  request: undefined,
  underWay: undefined,
  liveRequest: undefined,
  updatedAt: '2026-11-20T10:00:00.000Z',
  manifest: undefined,
  places: [],
  seenSha: 'abc',
  runbookPath: undefined,
  links: { pull: undefined, issue: undefined, runbookPage: undefined },
  requests: [],
};

it('fills the templates of the profile and leaves out what cannot be filled', () => {
  expect(serviceLinks(service, profile)).toEqual([
    { title: 'Grafana', url: 'https://grafana.ravenhelm.test/d/svc?var-container=gitlab-sre-livekit' },
  ]);
});

it('has one link for each environment, and the dashboards of the spec', () => {
  const manifest = Manifest.parse({
    name: 'livekit',
    purpose: 'Rooms',
    category: 'realtime',
    owner: 'realtime',
    runtime: {
      source: { kind: 'image', image: 'livekit/livekit-server:v1.9.3' },
      kubernetes: { environments: ['dev', 'prod'] },
    },
    docs: { dashboards: [{ title: 'Media', url: 'https://grafana.ravenhelm.test/d/media' }] },
  });
  const titles = serviceLinks({ ...service, manifest }, profile).map(({ title }) => title);
  expect(titles).toEqual(['Grafana', 'Argo CD dev', 'Argo CD prod', 'Media']);
});

it('starts the service in the file of its stack, or in the one where it was found', () => {
  expect(startCommands(service, profile)).toEqual([
    'docker compose -f compose/docker-compose.integrations.yml up -d livekit',
  ]);
  const places = [{ path: 'docker-compose.yml', line: 40 }];
  expect(startCommands({ ...service, stack: undefined, places }, profile)).toEqual([
    'docker compose -f docker-compose.yml up -d livekit',
  ]);
  expect(startCommands({ ...service, stack: undefined }, profile)).toEqual([]);
  expect(startCommands(service, undefined)).toEqual([]);
});
