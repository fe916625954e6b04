// Installs the packages when they are missing or belong to another package-lock.json.
import { isInstalled } from './install-stamp.mjs';

/** Runs `npm ci` if needed; ends the process with a sentence when that fails. */
export function ensureInstalled(spawnSync) {
  if (isInstalled()) return;
  console.log('Installing the packages (npm ci); the first time this takes a minute or two.');
  // --include=dev: a NODE_ENV=production in the person's shell must not leave out what building and testing need.
  const { status, error } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { stdio: 'inherit' });
  if (status === 0 && isInstalled()) return;
  if (error && error.code === 'ENOENT') {
    console.error(
      'npm is not on the PATH. It comes with Node from https://nodejs.org/en/download (Debian: apt-get install npm).',
    );
  } else if (status === 0) {
    console.error('npm ci went well, but our own step after it was left out. Run it without --ignore-scripts.');
  } else {
    console.error(
      'npm ci failed (its reason stands above). Is the npm registry reachable, and is there room on the disk?',
    );
  }
  process.exit(1);
}
