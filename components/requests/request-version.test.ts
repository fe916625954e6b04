import { expect, test } from 'vitest';
import { requestVersion } from './request-version';

const request = {
  state: 'in_review',
  cancelling: false,
  timeline: [],
  steps: [],
  followUps: [],
  branchTaken: undefined,
  githubChecks: [{ name: 'lint', state: 'pending', url: undefined }],
} satisfies Parameters<typeof requestVersion>[0];

test('another one where a check begins, is decided or fails, which the timeline need not tell', () => {
  const lint = (state: 'pass' | 'fail' | 'pending') => ({ name: 'lint', state, url: undefined });
  const versions = [[], [lint('pending')], [lint('pass')], [lint('fail')], [lint('pass'), lint('fail')]].map(
    (githubChecks) => requestVersion({ ...request, githubChecks }),
  );
  expect(new Set(versions).size).toBe(versions.length);
  expect(requestVersion({ ...request })).toBe(versions[1]);
});

test('stays short enough for an address, however many checks there are', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({
    name: `check ${index}`,
    state: 'pass' as const,
    url: undefined,
  }));
  expect(requestVersion({ ...request, githubChecks: many }).length).toBeLessThan(100);
});
