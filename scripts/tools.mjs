// The programs that the tests use beside Node: git, a Chromium, Helm, Docker Compose, shellcheck. Each is taken from where it is, or fetched in its
// pinned version; what cannot be had is named, with how to provide it.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSystemChromium } from './chromium.mjs';
import { installDebianPackages, lastLine, takeFromDebian } from './debian.mjs';
import { runCommand } from './run-command.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, '.tools', 'bin');
const pins = JSON.parse(readFileSync(new URL('./tools.json', import.meta.url), 'utf8'));
const debian = `Debian ${pins.debianSuite}`;

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
  const { version } = pins.helm;
  return ensureTool({
    name: 'Helm 3',
    accepts: isHelm3,
    command: 'helm',
    ways: [
      [`helm ${version}, by go install`, buildHelm],
      [`helm ${version}, downloaded`, downloadHelm],
      [`helm ${version}, built with Go from ${debian}`, () => withDebianGo(buildHelm)],
    ],
    advice: `Put helm ${version} on the PATH.`,
  });
}

/** Compose in its second edition; Debian 12's own is the first, which refuses modern files. @returns {Promise<string>} a few words on what was found */
export async function ensureCompose() {
  const { version, packages } = pins.compose;
  return ensureTool({
    name: 'Docker Compose 2',
    accepts: isCompose2,
    command: 'docker-compose',
    ways: [
      [`docker-compose ${packages['docker-compose']}, from ${debian}`, (own) => unpack(pins.compose, own)],
      [`docker-compose ${version}, built with go`, buildCompose],
    ],
    advice: `Put docker-compose ${version} (the standalone program) on the PATH, or at .tools/bin/docker-compose.`,
  });
}

/** @returns {Promise<string>} a few words on what was found */
export async function ensureShellcheck() {
  const { packages } = pins.shellcheck;
  return ensureTool({
    name: 'shellcheck',
    accepts: isShellcheck,
    command: 'shellcheck',
    // What it finds differs from version to version: the pinned one comes before what the machine has.
    pinnedFirst: true,
    ways: [
      [`shellcheck ${packages.shellcheck}, from ${debian}`, (own) => unpack(pins.shellcheck, own)],
      ['shellcheck as the machine has it', installShellcheck],
    ],
    advice: `Put shellcheck ${packages.shellcheck} on the PATH.`,
  });
}

/**
 * Finds a tool where it is, or tries the ways to get it, in order.
 * @param {object} tool
 * @param {string} tool.name
 * @param {(command: string) => Promise<boolean>} tool.accepts whether what is there runs and is new enough
 * @param {string} tool.command its name in .tools/bin and on the PATH
 * @param {boolean} [tool.pinnedFirst] whether the one on the PATH is taken only where the pinned one cannot be had
 * @param {[string, (own: string) => Promise<string | undefined>][]} tool.ways each gives the reason why it could not
 * @param {string} tool.advice what a person does where all of them fail
 */
async function ensureTool({ name, command, accepts, pinnedFirst = false, ways, advice }) {
  const own = join(bin, command);
  if (await accepts(own)) return `${name} in .tools`;
  if (!pinnedFirst && (await accepts(command))) return `${name} on the PATH`;
  mkdirSync(bin, { recursive: true });
  const failures = [];
  for (const [words, getIt] of ways) {
    const reason = await getIt(own);
    if (!reason && ((await accepts(own)) || (await accepts(command)))) return words;
    failures.push(`${words}: ${reason ?? 'what it gave does not run'}`);
  }
  throw new MissingToolError(`No ${name}: none is on the PATH; ${failures.join('; ')}. ${advice}`);
}

async function isCompose2(command) {
  const { ok, output } = await runCommand(command, ['version', '--short']);
  return ok && Number(/^v?(\d+)\./.exec(output.trim())?.[1] ?? 0) >= 2;
}

async function isShellcheck(command) {
  return (await runCommand(command, ['--version'])).ok;
}

/** Written beside and renamed: the two may be on different disks, and a half tool must not stay. */
function place(from, own) {
  try {
    writeFileSync(`${own}.partial`, readFileSync(from), { mode: 0o755 });
    renameSync(`${own}.partial`, own);
  } finally {
    rmSync(`${own}.partial`, { force: true });
  }
}

async function installShellcheck() {
  return (await isShellcheck('shellcheck')) ? undefined : installDebianPackages(['shellcheck']);
}

async function unpack({ packages, file }, own) {
  try {
    return await takeFromDebian({ suite: pins.debianSuite, packages }, (folder) => place(join(folder, file), own));
  } catch (error) {
    return error.message;
  }
}

/** Builds with Debian's Go, in a folder that is gone afterwards. */
async function withDebianGo(build) {
  const { packages, root: goRoot } = pins.go;
  return takeFromDebian({ suite: pins.debianSuite, packages }, (folder) => {
    const home = join(folder, 'home');
    mkdirSync(home);
    // -modcacherw: what Go caches read-only could not be removed again.
    return build(undefined, join(folder, goRoot, 'bin', 'go'), {
      GOROOT: join(folder, goRoot),
      GOPATH: home,
      GOCACHE: join(home, 'cache'),
      GOFLAGS: '-modcacherw',
      GOTOOLCHAIN: 'local',
    });
  });
}

/** go install takes no module with replacements: its source is built in a copy of its own, with its own list of checksums. */
async function buildCompose(own) {
  const { version, module, command, versionVariable } = pins.compose;
  const folder = mkdtempSync(join(tmpdir(), 'slipway-compose-'));
  try {
    const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' };
    const download = await runCommand('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: folder, env });
    if (download.missing) return 'there is no go here';
    if (!download.ok) return lastLine(download.output);
    const source = join(folder, 'source');
    // Go's cache is read-only, and a build as the main module has to be outside of it.
    cpSync(JSON.parse(download.output).Dir, source, { recursive: true });
    const flags = `-s -w -X ${versionVariable}=${version}`;
    const args = ['build', '-trimpath', '-ldflags', flags, '-o', join(folder, 'built'), command];
    const build = await runCommand('go', args, { cwd: source, env });
    if (!build.ok) return lastLine(build.output);
    place(join(folder, 'built'), own);
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    await runCommand('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isHelm3(command) {
  const { ok, output } = await runCommand(command, ['version', '--short']);
  return ok && output.trim().startsWith('v3.');
}

async function buildHelm(_own, go = 'go', settings = {}) {
  const { version, module } = pins.helm;
  const env = { ...process.env, GOBIN: bin, CGO_ENABLED: '0', ...settings };
  const { ok, output, missing } = await runCommand(
    go,
    [
      'install',
      '-trimpath',
      `-ldflags=-s -w -X helm.sh/helm/v3/internal/version.version=${version}`,
      `${module}@${version}`,
    ],
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
    place(join(directory, platform, 'helm'), own);
    return undefined;
  } catch (error) {
    return `${url} cannot be reached (${error.cause?.code ?? error.message})`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
