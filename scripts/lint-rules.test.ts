// Proves that eslint.config.mjs refuses what the house refuses: each violation is linted as a string, as if it stood in
// the named file. A rule that stops working, or a layer whose files are matched by nothing, turns these red.
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

/** Without types: the files named here do not exist, so the type checker knows nothing about them. */
const untyped = new ESLint({
  cwd: root,
  overrideConfig: [
    { languageOptions: { parserOptions: { projectService: false } } },
    tseslint.configs.disableTypeChecked,
  ],
});
const typed = new ESLint({ cwd: root });

async function rulesBroken(eslint: ESLint, filePath: string, source: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${source}\n`, { filePath });
  const errors = result?.messages.filter((message) => message.severity === 2) ?? [];
  const fatal = errors.find((message) => message.fatal);
  if (fatal) throw new Error(`${filePath} could not be linted: ${fatal.message}`);
  return errors.map((message) => message.ruleId ?? 'unknown').filter((rule) => !/unused/.test(rule));
}

/** The files imported below exist, or they would have no layer; the importing ones need not. */
const VALUE = (path: string): string => `import { thing } from '@/${path}';\nexport const used = thing;`;
const TYPE = (path: string): string => `import type { Thing } from '@/${path}';\nexport type Used = Thing;`;

describe('import directions', () => {
  const refused: [from: string, source: string][] = [
    ['lib/probe.ts', VALUE('lib/services/queries')],
    ['lib/queue/probe.ts', VALUE('lib/adapters/notion/client')],
    ['lib/adapters/github/probe.ts', VALUE('lib/generator/plan')],
    ['lib/adapters/github/probe.ts', VALUE('lib/ports/reserve')],
    ['lib/ports/probe.ts', VALUE('lib/adapters/notion/client')],
    ['lib/ports/probe.ts', VALUE('lib/services/queries')],
    ['lib/ports/probe.ts', TYPE('lib/services/queries')],
    ['lib/services/probe.ts', VALUE('lib/generator/plan')],
    ['lib/generator/probe.ts', VALUE('lib/env')],
    ['lib/generator/probe.ts', TYPE('lib/db')],
    ['lib/generator/probe.ts', VALUE('lib/services/queries')],
    ['lib/workflows/probe.ts', VALUE('app/sign-out/route')],
    ['lib/jobs/probe.ts', VALUE('lib/adapters/notion/client')],
    ['app/probe/page.tsx', VALUE('lib/adapters/notion/client')],
    ['app/probe/page.tsx', VALUE('lib/db')],
    ['app/probe/page.tsx', VALUE('lib/generated/prisma/client')],
    ['app/probe/actions.ts', VALUE('lib/db')],
    ['components/probe.tsx', VALUE('lib/env')],
    ['components/probe.tsx', VALUE('lib/services/queries')],
    ['components/probe.tsx', VALUE('lib/generator/plan')],
    ['components/probe.tsx', TYPE('lib/adapters/notion/client')],
    ['cli/probe.ts', VALUE('lib/adapters/notion/client')],
    ['lib/services/probe.ts', VALUE('local/stack')],
    ['lib/services/probe.ts', VALUE('local/database/test-database')],
    ['lib/generator/probe.ts', TYPE('lib/services/views')],
    ['app/probe/page.tsx', VALUE('local/stack')],
  ];

  it.each(refused)('%s may not: %s', async (from, source) => {
    expect(await rulesBroken(untyped, from, source)).toContain('boundaries/dependencies');
  });

  const allowed: [from: string, source: string][] = [
    ['lib/ports/probe.ts', VALUE('lib/db')],
    ['lib/ports/probe.ts', VALUE('lib/services/manifest')],
    ['lib/ports/probe.ts', VALUE('lib/queue/contracts')],
    ['lib/ports/probe.ts', VALUE('lib/ports/reserve')],
    ['lib/generator/probe.ts', VALUE('lib/services/manifest')],
    ['lib/generator/probe.ts', VALUE('lib/generator/plan')],
    ['lib/workflows/probe.ts', VALUE('lib/adapters/notion/client')],
    ['lib/workflows/probe.ts', VALUE('lib/generator/plan')],
    ['lib/workflows/probe.ts', VALUE('lib/services/queries')],
    ['app/probe/page.tsx', VALUE('lib/services/queries')],
    ['app/probe/page.tsx', VALUE('components/ui/button')],
    ['app/probe/page.tsx', VALUE('lib/auth/session')],
    ['components/probe.tsx', VALUE('lib/services/manifest')],
    ['components/probe.tsx', VALUE('lib/generator/types')],
    ['components/probe.tsx', TYPE('lib/services/queries')],
    ['components/probe.tsx', VALUE('lib/requests/states')],
    ['components/probe.tsx', VALUE('lib/wizard/steps/index')],
    ['lib/services/probe.ts', TYPE('lib/requests/states')],
    ['cli/probe.ts', VALUE('lib/generator/plan')],
    ['local/probe.ts', VALUE('lib/env')],
    ['lib/ports/probe.test.ts', VALUE('local/free-port')],
  ];

  it.each(allowed)('%s may: %s', async (from, source) => {
    expect(await rulesBroken(untyped, from, source)).toEqual([]);
  });

  it('knows a layer for every place in lib', async () => {
    expect(await rulesBroken(untyped, 'lib/somewhere/probe.ts', 'export const thing = 1;')).toContain(
      'boundaries/no-unknown-files',
    );
  });
});

describe('outside packages', () => {
  it.each([
    ['lib/services/probe.ts', `import { Octokit } from '@octokit/rest';`],
    ['lib/workflows/probe.ts', `import { Client } from '@notionhq/client';`],
    ['app/probe/page.tsx', `import { Octokit } from '@octokit/rest';`],
    ['lib/ports/probe.ts', `import { headers } from 'next/headers';`],
    ['lib/requests/probe.ts', `import { useState } from 'react';`],
    ['lib/generator/probe.ts', `import { readFile } from 'node:fs/promises';`],
    ['lib/generator/probe.ts', `import { get } from 'https';`],
  ])('%s may not: %s', async (from, source) => {
    expect(await rulesBroken(untyped, from, source)).toContain('no-restricted-imports');
  });

  it.each([
    ['lib/adapters/github/probe.ts', `import { Octokit } from '@octokit/rest';\nexport const used = Octokit;`],
    ['lib/generator/probe.ts', `import { parseDocument } from 'yaml';\nexport const used = parseDocument;`],
  ])('%s may: %s', async (from, source) => {
    expect(await rulesBroken(untyped, from, source)).toEqual([]);
  });
});

describe('the environment', () => {
  it.each(['lib/services/probe.ts', 'app/probe/page.tsx', 'lib/adapters/github/probe.ts', 'lib/jobs/probe.ts'])(
    'is not read in %s',
    async (from) => {
      for (const source of [
        `export const a = process.env.HOME;`,
        `const { env } = process;\nexport const a = env.HOME;`,
      ]) {
        expect(await rulesBroken(untyped, from, source)).toContain('no-restricted-properties');
      }
      expect(await rulesBroken(untyped, from, `import { env } from 'node:process';\nexport const a = env;`)).toContain(
        'no-restricted-imports',
      );
    },
  );

  it.each(['lib/env.ts', 'local/probe.ts', 'cli/probe.ts', 'e2e/probe.ts', 'playwright.config.ts'])(
    'is read in %s',
    async (from) => {
      expect(await rulesBroken(untyped, from, `export const a = process.env.HOME;`)).toEqual([]);
    },
  );
});

describe('code', () => {
  // Linted in the place of a file that exists, for the sake of its types.
  const file = 'lib/errors.ts';

  it.each([
    ['@typescript-eslint/no-floating-promises', `async function work() { await Promise.resolve(); }\nwork();`],
    ['@typescript-eslint/no-misused-promises', `[1].forEach(async () => { await Promise.resolve(); });`],
    ['@typescript-eslint/no-explicit-any', `export const a = (b: any): number => Number(b);`],
    ['@typescript-eslint/ban-ts-comment', `// @ts-ignore\nexport const a: number = 'b';`],
    ['@typescript-eslint/ban-ts-comment', `// @ts-expect-error because\nexport const a: number = 'b';`],
    ['max-lines', Array.from({ length: 351 }, (_, line) => `export const line${line} = ${line};`).join('\n')],
  ])('refuses what breaks %s', { timeout: 60_000 }, async (rule, source) => {
    expect(await rulesBroken(typed, file, source)).toContain(rule);
  });

  it('cannot be excused by a comment', { timeout: 60_000 }, async () => {
    const source = `/* eslint-disable */\nexport const a = (b: any): number => Number(b);`;
    expect(await rulesBroken(typed, file, source)).toContain('@typescript-eslint/no-explicit-any');
  });
});
