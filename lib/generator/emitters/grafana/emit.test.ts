import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { grafanaEmitter } from './emit';

describe('Grafana', () => {
  it.each(goldenCases(fileURLToPath(new URL('fixtures', import.meta.url))))('$name', (golden) => {
    checkGoldenCase(grafanaEmitter, golden);
  });
});
