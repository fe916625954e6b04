// Everything that CI checks, stage by stage with its time, on a clean clone as well as in a worked-in folder.
// Every stage runs even if one before it failed, unless it needs what that one makes. The last line is the sum.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { runCommand } from './run-command.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const reports = mkdtempSync(join(tmpdir(), 'slipway-reports-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // The runners get the terminal's signal too and clean up after themselves; we only stop going on.
  process.on(signal, () => {
    interrupted = true;
  });
}

/** Thrown when a program that has already said what is wrong ended badly. */
class StageError extends Error {}

let interrupted = false;
let passed = 0;
let failed = 0;
let skipped = 0;
const failures = [];
const began = Date.now();

await stage('packages', async () => {
  ensureInstalled(spawnSync);
  const { ensurePrismaClient } = await import('./prisma-client.mjs');
  ensurePrismaClient();
});

const { ensureChromium, ensureCompose, ensureGit, ensureHelm, ensureShellcheck } = await import('./tools.mjs');
// Getting them takes minutes the first time, and only the tests need them: it goes on beside the stages before those.
const tools = [ensureHelm, ensureCompose, ensureShellcheck].map((ensure) => ensure().catch((error) => error));
await stage('git', async () => console.log(await ensureGit()));
const hasBrowser = await stage('browser', async () => console.log(await ensureChromium()));

// Each of these keeps one core busy, and lint takes as long as the others together.
const [isBuilt] = await Promise.all([
  checkAndBuild(),
  stageBeside('lint', program('eslint/bin/eslint.js', '.', '--max-warnings', '0')),
]);
for (const [index, name] of ['helm', 'docker compose', 'shellcheck'].entries()) {
  await stage(name, async () => {
    const found = await tools[index];
    if (found instanceof Error) throw found;
    console.log(found);
  });
}
await stage('unit and database tests', async () => {
  const report = join(reports, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  await counted(
    report,
    () => node('vitest/vitest.mjs', ...args),
    (result) => ({
      passed: result.numPassedTests,
      failed: result.numFailedTests,
      skipped: result.numPendingTests + result.numTodoTests,
    }),
  );
});
if (isBuilt && hasBrowser) {
  await stage('browser tests', async () => {
    const report = join(reports, 'playwright.json');
    const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const run = () => node('@playwright/test/cli.js', 'test', '--reporter=list,json', { env });
    await counted(report, run, ({ stats }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    }));
  });
} else {
  fail('browser tests', 'not run: they need the build and the browser');
}

console.log(`\n${((Date.now() - began) / 1000).toFixed(0)} s in all`);
for (const line of failures) console.log(line);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || skipped > 0 || passed === 0 ? 1 : 0);

/** Runs one stage and says how long it took. @returns {Promise<boolean>} whether it went well */
async function stage(name, work) {
  if (interrupted) process.exit(130);
  const start = Date.now();
  console.log(`\n=== ${name}`);
  const before = failed;
  try {
    await work();
  } catch (error) {
    if (error instanceof StageError || error.constructor.name === 'MissingToolError') console.error(error.message);
    else console.error(error);
    // A failed test has been counted by its runner; a stage that failed otherwise counts as one.
    if (failed === before) failed += 1;
    failures.push(`failed: ${name}`);
  }
  return tellEnd(name, start, failed === before);
}

async function checkAndBuild() {
  await stageBeside('format', program('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'));
  await stageBeside('types', program('next/dist/bin/next', 'typegen'), program('typescript/bin/tsc', '--noEmit'));
  return stageBeside('build', [process.execPath, '--import', 'tsx', 'scripts/build.ts', join(reports, 'build.log')]);
}

/**
 * Runs a stage while others run. What its commands say is shown when it is over, so that it stays together.
 * @param {string[][]} commands one after the other, up to the first that fails
 * @returns {Promise<boolean>} whether all of them went well
 */
async function stageBeside(name, ...commands) {
  if (interrupted) process.exit(130);
  const start = Date.now();
  let said = '';
  let isWell = true;
  for (const [command, ...args] of commands) {
    const { ok, output } = await runCommand(command, args);
    said += output;
    isWell = ok;
    if (!ok) break;
  }
  if (!isWell) {
    failed += 1;
    failures.push(`failed: ${name}`);
  }
  console.log(`\n=== ${name}`);
  if (said.trim() !== '') console.log(said.trimEnd());
  return tellEnd(name, start, isWell);
}

/** @returns {boolean} `isWell`, for whoever asks how the stage went */
function tellEnd(name, start, isWell) {
  console.log(`=== ${name}: ${isWell ? 'ok' : 'FAILED'}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return isWell;
}

function fail(name, reason) {
  failed += 1;
  failures.push(`failed: ${name}, ${reason}`);
}

/** Runs a test runner and adds up what its report says; a runner that died without one is a failure of its own. */
async function counted(report, work, read) {
  let error;
  try {
    await work();
  } catch (thrown) {
    error = thrown;
  }
  if (existsSync(report)) {
    const counts = read(JSON.parse(readFileSync(report, 'utf8')));
    passed += counts.passed;
    failed += counts.failed;
    skipped += counts.skipped;
    if (counts.skipped > 0) console.error(`${counts.skipped} skipped: a test that is not run proves nothing`);
  }
  if (error) throw error;
}

/** Runs a program of node_modules and shows what it says; its last argument may be options. */
async function node(path, ...args) {
  const options = typeof args.at(-1) === 'object' ? args.pop() : {};
  const [command, ...rest] = program(path, ...args);
  const { ok } = await runCommand(command, rest, { show: true, ...options });
  if (!ok) throw new StageError('');
}

/** The command line of a program of node_modules. */
function program(path, ...args) {
  return [process.execPath, join('node_modules', path), ...args];
}
