import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { navigationEmitter } from './emit';

describe('the navigation of a book', () => {
  it.each(goldenCases(fileURLToPath(new URL('fixtures', import.meta.url))))('$name', (golden) => {
    checkGoldenCase(navigationEmitter, golden);
  });
});
