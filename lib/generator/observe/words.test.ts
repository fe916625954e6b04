import { expect, it } from 'vitest';
import { Profile } from '../profile';
import { treeOf } from '../overlay';
import { observeWords } from './words';

const profile = Profile.parse({
  platform: { name: 'Test', domain: 'example.test' },
  ports: { registry: 'ports.yaml' },
  categories: { realtime: { owner: 'realtime' } },
});

it('reads categories and purposes from both shapes, the first word counts', () => {
  const text = `
ports:
  - { port: 3000, service: grafana, description: Dashboards }
  - { service: livekit, category: realtime, port: 7880, notes: Signalling }
  - { service: livekit, category: other, port: 7881, notes: Media }
  - { service: odd, category: somewhere }
next_available: { a: 1 }
`;
  expect(Object.fromEntries(observeWords(treeOf({ 'ports.yaml': text }), profile))).toEqual({
    grafana: { purpose: 'Dashboards' },
    livekit: { category: 'realtime', purpose: 'Signalling' },
    odd: {},
  });
});

it('says nothing of a registry that is not there or cannot be read', () => {
  expect(observeWords(treeOf({}), profile).size).toBe(0);
  expect(observeWords(treeOf({ 'ports.yaml': 'a: [' }), profile).size).toBe(0);
});
