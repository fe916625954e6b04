import { expect, it } from 'vitest';
import { emptyDraft, emptyPort } from '@/lib/wizard/draft-form';
import { formDifferences } from './write-form';

const [first, second, third] = [
  { ...emptyPort(), name: 'a' },
  { ...emptyPort(), name: 'b' },
  { ...emptyPort(), name: 'c' },
];
const now = { ...emptyDraft(), ports: [first, second] };

it('touches only the fields that differ', () => {
  const next = structuredClone({ ...now, name: 'egress', ports: [first, { ...second, why: 'gRPC' }] });
  expect(formDifferences(now, next)).toEqual([
    { path: 'name', value: 'egress' },
    { path: 'ports.1.why', value: 'gRPC' },
  ]);
});

it('sets a list whose rows came, went or moved, and the fields of rows that stayed in place', () => {
  const next = { ...now, ports: [{ ...first, why: 'HTTP' }, third, second] };
  expect(formDifferences(now, next)).toEqual([
    { path: 'ports', value: next.ports },
    { path: 'ports.0.why', value: 'HTTP' },
  ]);
});

it('takes a group that was turned off, and a list of texts, as a whole', () => {
  const next = { ...now, routing: null, maintainers: ['erin'] };
  expect(formDifferences(now, next)).toEqual([
    { path: 'maintainers', value: ['erin'] },
    { path: 'routing', value: null },
  ]);
});
