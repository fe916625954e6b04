import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { awsPolicyEmitter } from './emit';

describe('IAM policy', () => {
  it.each(goldenCases(fileURLToPath(new URL('fixtures', import.meta.url))))('$name', (golden) => {
    checkGoldenCase(awsPolicyEmitter, golden);
  });
});
