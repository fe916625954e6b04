// Random services come to small platforms of every kind and go: most of the thousand, since these are quick. The sample has a file of its own.
import { describe, expect, it } from 'vitest';
import { comeAndGo, SEQUENCE } from './test-come-and-go';
import { testRepository, type TestRepositoryName } from './test-repositories';

const sequences: Record<Exclude<TestRepositoryName, 'sample'>, number> = {
  'one-file': 55,
  'stack-folders': 55,
  clusters: 40,
  grouped: 40,
};

describe.each(Object.entries(sequences))('services come to %s and go', (name, count) => {
  it(`${count * SEQUENCE} of them, and every byte is as it was`, { timeout: 600_000 }, async () => {
    const repository = testRepository(name as TestRepositoryName);
    expect(await comeAndGo(repository, count)).toBeGreaterThanOrEqual(count * SEQUENCE);
  });
});
