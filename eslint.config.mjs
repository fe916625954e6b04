// The rules of the house that a machine can check: types, promises, import directions, one reader of the environment.
import boundaries from 'eslint-plugin-boundaries';
import nextVitals from 'eslint-config-next/core-web-vitals';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { message, policies, settings } from './scripts/import-directions.mjs';

/** Tests, and what only tests use. */
const tests = ['**/*.test.{ts,tsx}', '**/test-*.ts', '**/test-support/**', '**/golden-cases.ts'];
const root = import.meta.dirname;

const noEnvironment = 'Only lib/env.ts reads the environment; ask env() for what you need.';
/** None of these modules. The rule's last setting counts alone, so each repeats what holds everywhere. */
const without = (...patterns) => ({
  'no-restricted-imports': [
    'error',
    {
      paths: ['process', 'node:process'].map((name) => ({ name, importNames: ['env'], message: noEnvironment })),
      patterns,
    },
  ],
});
const vendors = {
  group: ['@octokit/*', '@notionhq/*'],
  message: 'Vendors’ clients are used in lib/adapters only; everyone else sees our own words for what they do.',
};
const views = {
  group: ['next', 'next/*', 'react', 'react/*', 'react-dom', 'react-dom/*'],
  message: 'Domains and workflows know neither Next nor React.',
};
const outside = {
  group: [
    ...['fs', 'fs/*', 'child_process', 'net', 'http', 'https', 'process', 'os'].flatMap((name) => [
      name,
      `node:${name}`,
    ]),
    'pg',
  ],
  message: 'The generator is pure: what it needs to know comes in as an argument.',
};

export default tseslint.config(
  {
    ignores: [
      '.next/',
      '.slipway/',
      '.tools/',
      'lib/generated/',
      'local/platform/',
      '**/fixtures/',
      'next-env.d.ts',
      'test-results/',
      'playwright-report/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  ...nextVitals,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    plugins: { boundaries },
    settings: { ...settings, 'boundaries/root-path': root },
    rules: {
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: noEnvironment }],
      ...without(),
      'boundaries/dependencies': ['error', { default: 'disallow', message, policies }],
      'boundaries/no-unknown-files': 'error',
    },
  },
  {
    // Where the environment is read, or made for others to read. instrumentation.ts is asked by Next in which of its
    // two runtimes it is, and only in these words.
    files: ['lib/env.ts', 'instrumentation.ts', '{local,cli,scripts,e2e,bench,prisma}/**', '*.config.*', ...tests],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    files: ['lib/**', 'app/**', 'components/**', 'cli/**'],
    ignores: ['lib/adapters/**', ...tests],
    rules: without(vendors),
  },
  {
    files: ['lib/{services,ports,requests,runbooks,tracker,wizard,audit,workflows,jobs,queue}/**'],
    ignores: tests,
    rules: without(vendors, views),
  },
  { files: ['lib/generator/**'], ignores: tests, rules: without(vendors, views, outside) },
  {
    // A test may start stand-ins and look at any layer from outside.
    files: tests,
    rules: {
      'boundaries/dependencies': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
      // A long table of cases is still one table.
      'max-lines': ['error', { max: 700, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Outside of React "use" is a word like any other, and Playwright's fixtures are full of it.
    files: ['{lib,local,cli,scripts,e2e,bench,prisma}/**'],
    rules: { 'react-hooks/rules-of-hooks': 'off' },
  },
  prettier,
);
