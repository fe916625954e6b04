// Debian's packages: installed, where we may (as root, or through sudo where it asks for no password); or unpacked into a
// folder of ours, which needs no right at all and may take them from a newer suite than the machine's own.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

let updated = false;

/**
 * Installs packages with apt-get.
 * @param {string[]} packages
 * @returns {Promise<string | undefined>} why it could not, or undefined when they are installed
 */
export async function installDebianPackages(packages) {
  if ((await runCommand('apt-get', ['--version'])).missing) return 'there is no apt-get here';
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0 && !(await runCommand('sudo', ['-n', 'true'])).ok) {
    return 'apt-get needs root, and sudo asks for a password';
  }
  const apt = async (...args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-q', ...args];
    return runCommand(command, rest);
  };
  if (!updated) {
    await apt('update');
    updated = true;
  }
  const { ok, output } = await apt('install', '--no-install-recommends', ...packages);
  return ok ? undefined : `apt-get install ${packages.join(' ')} failed: ${lastLine(output)}`;
}

/**
 * Unpacks packages of another suite, from the archive that the machine uses itself: apt checks the signatures as for any
 * package, works on lists and settings of its own in a temporary folder, and needs no root.
 * @param {{ suite: string, packages: Record<string, string> }} pin for each package how its version begins
 * @param {(folder: string) => string | undefined | void | Promise<string | undefined | void>} take called with the folder that stands for `/`, which
 *   is gone afterwards; may give the reason why what it found is of no use
 * @returns {Promise<string | undefined>} why it could not, or undefined when it was taken
 */
export async function takeFromDebian(pin, take) {
  if ((await runCommand('apt-get', ['--version'])).missing) return 'there is no apt-get here';
  const sources = sourcesOf(pin.suite, ownSources(), ownSuite());
  if (sources.length === 0) return 'the settings of apt name no Debian archive';
  const folder = mkdtempSync(join(tmpdir(), 'slipway-apt-'));
  try {
    for (const name of ['lists/partial', 'archives/partial', 'unpacked'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'sources.list'), sources.join('\n') + '\n');
    const settings = {
      'Dir::State': folder,
      'Dir::State::lists': join(folder, 'lists'),
      'Dir::Cache': folder,
      'Dir::Cache::archives': join(folder, 'archives'),
      'Dir::Etc::sourcelist': join(folder, 'sources.list'),
      'Dir::Etc::sourceparts': '-',
      // As root apt would work as an account that cannot read this folder.
      'APT::Sandbox::User': userInfo().username,
      'Acquire::Languages': 'none',
      'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
      'Acquire::Retries': '3',
    };
    const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    const apt = (...args) => runCommand('apt-get', ['-q', ...options, ...args], { cwd: join(folder, 'archives') });
    const update = await apt('update', '--error-on=any');
    if (!update.ok) return `apt-get update for ${pin.suite} failed: ${lastLine(update.output)}`;
    const wanted = Object.entries(pin.packages).map(([name, version]) => `${name}=${version}*`);
    const download = await apt('download', ...wanted);
    if (!download.ok) return `apt-get download ${wanted.join(' ')} failed: ${lastLine(download.output)}`;
    for (const name of readdirSync(join(folder, 'archives')).filter((file) => file.endsWith('.deb'))) {
      const unpack = await runCommand('dpkg-deb', ['-x', join(folder, 'archives', name), join(folder, 'unpacked')]);
      if (!unpack.ok) return `dpkg-deb -x ${name} failed: ${lastLine(unpack.output)}`;
    }
    return (await take(join(folder, 'unpacked'))) ?? undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * One-line sources for another suite, from those of the machine's own suite: same archive, same keys.
 * @param {string} suite the suite that is wanted
 * @param {string} text every sources file of the machine, in either format
 * @param {string} own the machine's own suite: `bookworm`
 * @returns {string[]}
 */
export function sourcesOf(suite, text, own) {
  const found = new Set();
  const add = (uri, signedBy) => {
    if (/^https?:\/\/\S+$/.test(uri))
      found.add(`deb${signedBy ? ` [signed-by=${signedBy}]` : ''} ${uri} ${suite} main`);
  };
  for (const line of text.split('\n')) {
    const [, options = '', uri, name, components] = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
    if (name === own && /\bmain\b/.test(components)) add(uri, /signed-by=(\S+)/i.exec(options)?.[1]);
  }
  for (const stanza of text.replace(/^#.*\n?/gm, '').split(/\n\s*\n/)) {
    const field = (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(stanza)?.[1]?.trim() ?? '';
    const words = (name) => field(name).split(/\s+/);
    if (!words('Types').includes('deb') || /^no$/i.test(field('Enabled'))) continue;
    if (!words('Suites').includes(own) || !words('Components').includes('main')) continue;
    // A key written out in the file is no path; apt's own keys then have to do.
    const key = field('Signed-By');
    for (const uri of words('URIs')) add(uri, key.startsWith('/') ? key : undefined);
  }
  return [...found];
}

function ownSuite() {
  return /^VERSION_CODENAME=(\S+)$/m.exec(readOr('/etc/os-release', ''))?.[1] ?? '';
}

function ownSources() {
  const folder = '/etc/apt/sources.list.d';
  let names = [];
  try {
    names = readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name));
  } catch {
    // A machine with one file has no such folder.
  }
  return ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))]
    .map((path) => readOr(path, ''))
    .join('\n\n');
}

function readOr(path, otherwise) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

/** @param {string} output */
export function lastLine(output) {
  return output.trim().split('\n').at(-1) ?? '';
}
