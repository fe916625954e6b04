// The published schemas are what the code says: editors and other tools read the files, not the code.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleSpec } from './example-spec';
import { publishedSchema } from './schema';
import { Profile } from '@/lib/generator/profile';

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

describe('docs/slipway-yaml.md', () => {
  const page = readFileSync(`${root}docs/slipway-yaml.md`, 'utf8');
  /** What is set as code under the heading that names a group of the profile. */
  const codeUnder = (group: string): string =>
    page
      .split(/^### /m)
      .filter((section) => (section.split('\n')[0] ?? '').split(', ').includes(group))
      .flatMap((section) => section.match(/`[^`\n]+`/g) ?? [])
      .join(' ');

  it('explains every key that a profile may have, in the section of its group', () => {
    const keys = keysOf(json('docs/slipway.schema.json'));
    expect(keys.length).toBeGreaterThan(100);
    const groups = new Set(keys.filter((key) => key.length === 1).map(([group = '']) => group));
    expect([...groups].filter((group) => !page.split('\n').some((line) => isHeadingOf(line, group)))).toEqual([]);
    const silent = keys.filter(
      (key) => key.length > 1 && !new RegExp(`\\b${key.at(-1) ?? ''}\\b`).test(codeUnder(key[0] ?? '')),
    );
    expect(silent.map((key) => key.join('.'))).toEqual([]);
  });

  it('gives examples that are profiles', () => {
    const examples = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => parse(text) as unknown);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(Profile.safeParse(example).error).toBeUndefined();
  });
});

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
  anyOf?: SchemaNode[];
  allOf?: SchemaNode[];
}

/** The path of every key that the schema names, without what people name themselves. */
function keysOf(node: SchemaNode, at: readonly string[] = []): (readonly string[])[] {
  const more = typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
  return [
    ...Object.entries(node.properties ?? {}).flatMap(([key, value]) => [[...at, key], ...keysOf(value, [...at, key])]),
    ...[...(node.items ? [node.items] : []), ...more, ...(node.anyOf ?? []), ...(node.allOf ?? [])].flatMap((one) =>
      keysOf(one, at),
    ),
  ];
}

function isHeadingOf(line: string, group: string): boolean {
  return line.startsWith('### ') && line.slice(4).split(', ').includes(group);
}
