import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { spiffeConfigEmitter } from './config';
import { spiffeRegistrationEmitter } from './registration';
import { spiffeSidecarEmitter } from './sidecar';

const cases = (folder: string) => goldenCases(fileURLToPath(new URL(`fixtures/${folder}`, import.meta.url)));

describe('SPIFFE helper in Compose', () => {
  it.each(cases('sidecar'))('$name', (golden) => checkGoldenCase(spiffeSidecarEmitter, golden));
});

describe("SPIFFE helper's configuration", () => {
  it.each(cases('config'))('$name', (golden) => checkGoldenCase(spiffeConfigEmitter, golden));
});

describe('registration with SPIRE', () => {
  it.each(cases('registration'))('$name', (golden) => checkGoldenCase(spiffeRegistrationEmitter, golden));
});
