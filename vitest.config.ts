// Two projects: `unit` is pure and fast and needs nothing; `database` gets a real PostgreSQL from its global setup.
// Which of the two a test belongs to is told by its file's name alone (x.test.ts, x.db.test.ts).
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.mjs';

const root = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');

/** Never looked into for tests: built, generated or the sample repository's own files. */
const notOurs = [
  '**/node_modules/**',
  '.next/**',
  '.slipway/**',
  '.tools/**',
  'lib/generated/**',
  'local/platform/**',
  'e2e/**',
];

export default defineConfig({
  resolve: { alias: [{ find: /^@\//, replacement: `${root}/` }] },
  test: {
    environment: 'node',
    // Vitest would leave one core to itself; on a machine with two, one file would run at a time.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    // A loaded laptop or CI machine is slow, not wrong: tests wait for conditions, these limits only end what hangs.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...notOurs, '**/*.db.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['**/*.db.test.ts'],
          exclude: notOurs,
          globalSetup: ['./local/database/test-server.ts', './lib/workflows/test-worker-program.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
