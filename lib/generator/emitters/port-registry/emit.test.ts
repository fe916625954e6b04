import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { portRegistryEmitter } from './emit';

describe('port registry', () => {
  it.each(goldenCases(fileURLToPath(new URL('fixtures', import.meta.url))))('$name', (golden) => {
    checkGoldenCase(portRegistryEmitter, golden);
  });
});
