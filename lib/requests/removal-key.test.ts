import { expect, test } from 'vitest';
import { removalKey } from './removal-key';

const preview = { live: { id: 7 }, earlier: 0, digest: 'd'.repeat(64) };

test('sent twice it is one removal; after a cancelled one, of another plan, and of a service that was added again it is a new one', () => {
  const key = removalKey('coturn', preview);
  expect(removalKey('coturn', { ...preview })).toBe(key);
  const others = [
    { ...preview, earlier: 1 },
    { ...preview, digest: 'e'.repeat(64) },
    { ...preview, live: { id: 9 } },
  ];
  expect(new Set([key, ...others.map((other) => removalKey('coturn', other))]).size).toBe(4);
});

test('the longest name fits into the header', () => {
  expect(removalKey('n'.repeat(63), { ...preview, live: { id: 2 ** 31 - 1 } }).length).toBeLessThan(200);
});
