// The published schemas are what the code says: editors and other tools read the files, not the code.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleSpec } from './example-spec';
import { publishedSchema } from './schema';

const root = fileURLToPath(new URL('..', import.meta.url));
const json = (path: string): object => JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as object;
const yaml = (path: string): unknown => parse(readFileSync(`${root}${path}`, 'utf8'));

/** How the files are written again: `npm run -s slipway -- schema > FILE`, then `npx prettier --write FILE`. */
const published = [
  { of: 'spec', file: 'docs/manifest.schema.json', command: 'schema', sample: () => parse(exampleSpec) as unknown },
  {
    of: 'profile',
    file: 'docs/slipway.schema.json',
    command: 'schema --profile',
    sample: () => yaml('local/platform/slipway.yaml'),
  },
] as const;

describe.each(published)('$file', ({ of, file, command, sample }) => {
  it(`is what \`slipway ${command}\` prints`, () => {
    expect(json(file)).toEqual(JSON.parse(JSON.stringify(publishedSchema(of))));
  });

  it('takes what people write, and refuses a key that nobody knows', () => {
    const ajv = addFormats(new Ajv2020({ strict: false }));

    const validate = ajv.compile(json(file));
    expect(validate(sample()), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...(sample() as object), nobodyKnows: true })).toBe(false);
  });
});
