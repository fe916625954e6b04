// Random services come to the sample repository and go; a file of its own, so that it runs beside the small platforms.
import { expect, it } from 'vitest';
import { comeAndGo, SEQUENCE } from './test-come-and-go';
import { testRepository } from './test-repositories';

const SEQUENCES = 12;

it(
  `${SEQUENCES * SEQUENCE} services come to sample and go, and every byte is as it was`,
  { timeout: 600_000 },
  async () => {
    expect(await comeAndGo(testRepository('sample'), SEQUENCES)).toBeGreaterThanOrEqual(SEQUENCES * SEQUENCE);
  },
);
