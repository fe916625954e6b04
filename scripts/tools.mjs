// The programs that the tests use beside Node: git, a Chromium, Helm. Each is taken from where it is, or fetched in its
// pinned version; what cannot be had is named, with how to provide it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSystemChromium } from './chromium.mjs';
import { installDebianPackages, lastLine } from './debian.mjs';
import { runCommand } from './run-command.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, '.tools', 'bin');
const pins = JSON.parse(readFileSync(new URL('./tools.json', import.meta.url), 'utf8'));

/** Thrown when a tool cannot be had; the message names it and how to provide it. */
export class MissingToolError extends Error {}

/** @returns {Promise<string>} a few words on what was found */
export async function ensureGit() {
  const version = await runCommand('git', ['--version']);
  if (version.ok) return version.output.trim();
  const reason = await installDebianPackages(['git']);
  if (reason)
    throw new MissingToolError(`git is missing and could not be installed (${reason}). Install it and try again.`);
  return 'git, from Debian';
}

/** @returns {Promise<string>} a few words on what was found */
export async function ensureChromium() {
  const system = findSystemChromium();
  if (system) return system;
  const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const own = await runCommand(process.execPath, [playwright, 'install', 'chromium']);
  // Playwright's own browser needs libraries of the system; --version says at once whether they are there.
  if (own.ok && (await playwrightChromiumRuns())) return 'Chromium, from Playwright';
  const reason = await installDebianPackages(['chromium']);
  if (!reason && findSystemChromium()) return 'Chromium, from Debian';
  throw new MissingToolError(
    'No Chromium: none is on the PATH; Playwright’s own could not be used ' +
      `(${own.ok ? 'it does not start: "npx playwright install-deps chromium" brings its libraries' : lastLine(own.output)}); ` +
      `Debian’s could not be installed (${reason}). Install Chromium or Chrome, or name one with SLIPWAY_CHROMIUM.`,
  );
}

async function playwrightChromiumRuns() {
  const script = `import { chromium } from '@playwright/test'; const b = await chromium.launch(); await b.close();`;
  return (await runCommand(process.execPath, ['--input-type=module', '-e', script], { cwd: root })).ok;
}

/** @returns {Promise<string>} a few words on what was found */
export async function ensureHelm() {
  const own = join(bin, 'helm');
  const { version } = pins.helm;
  if (await isHelm3(own)) return `helm in .tools`;
  if (await isHelm3('helm')) return 'helm on the PATH';
  const failures = [];
  for (const [name, fetchIt] of [
    ['go install', buildHelm],
    ['get.helm.sh', downloadHelm],
  ]) {
    const reason = await fetchIt(own);
    if (!reason && (await isHelm3(own))) return `helm ${version}, by ${name}`;
    failures.push(`${name}: ${reason ?? 'what it gave does not run'}`);
  }
  throw new MissingToolError(
    `No Helm 3: none is on the PATH; ${failures.join('; ')}. Put helm ${version} on the PATH.`,
  );
}

async function isHelm3(command) {
  const { ok, output } = await runCommand(command, ['version', '--short']);
  return ok && output.trim().startsWith('v3.');
}

async function buildHelm() {
  mkdirSync(bin, { recursive: true });
  const { version, module } = pins.helm;
  const env = { ...process.env, GOBIN: bin, CGO_ENABLED: '0' };
  const { ok, output, missing } = await runCommand(
    'go',
    ['install', '-trimpath', '-ldflags=-s -w', `${module}@${version}`],
    { env },
  );
  if (missing) return 'there is no go here';
  return ok ? undefined : lastLine(output);
}

async function downloadHelm(own) {
  const { version, download, sha256 } = pins.helm;
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const expected = sha256[platform];
  if (!expected) return `no release is pinned for ${platform}`;
  const url = download.replace('{version}', version).replace('{platform}', platform);
  const directory = mkdtempSync(join(tmpdir(), 'slipway-helm-'));
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(180_000) });
    if (!response.ok) return `${url} answered ${response.status}`;
    const bytes = Buffer.from(await response.arrayBuffer());
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual !== expected) return `${url} has the checksum ${actual} instead of ${expected}`;
    writeFileSync(join(directory, 'helm.tar.gz'), bytes);
    const { ok, output } = await runCommand('tar', ['-xzf', 'helm.tar.gz'], { cwd: directory });
    if (!ok) return lastLine(output);
    mkdirSync(bin, { recursive: true });
    // Written beside and renamed, as the two may be on different disks and a half helm must not stay.
    writeFileSync(`${own}.partial`, readFileSync(join(directory, platform, 'helm')), { mode: 0o755 });
    renameSync(`${own}.partial`, own);
    return undefined;
  } catch (error) {
    return `${url} cannot be reached (${error.cause?.code ?? error.message})`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
    if (existsSync(`${own}.partial`)) rmSync(`${own}.partial`);
  }
}
