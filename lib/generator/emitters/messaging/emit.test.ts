import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { messagingEmitter } from './emit';

describe('messaging in CloudFormation', () => {
  it.each(goldenCases(fileURLToPath(new URL('fixtures', import.meta.url))))('$name', (golden) => {
    checkGoldenCase(messagingEmitter, golden);
  });
});
