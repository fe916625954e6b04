/**
 * Vitest's global setup for *.db.test.ts: the worker as one file. Tests start it some hundred times, and tsx would read its hundreds of sources each
 * time, which keeps a core busy for more than a second. That it runs from its sources too is seen by run-worker.db.test.ts and the browser tests.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the worker's program, for Node as it is. */
    workerProgram: string;
  }
}

/** Where a program finds the packages, which it takes as they are. */
const PLACE = 'node_modules/.cache';

/** Makes the program, and returns what removes it. @throws where the worker's sources cannot be read. */
export default async function setup(project: TestProject): Promise<() => void> {
  mkdirSync(PLACE, { recursive: true });
  const folder = mkdtempSync(join(PLACE, 'slipway-test-worker-'));
  const program = join(folder, 'worker.mjs');
  await build({
    entryPoints: ['lib/jobs/worker.ts'],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  project.provide('workerProgram', program);
  return () => rmSync(folder, { recursive: true, force: true });
}
