// Tells whether node_modules belong to the package-lock.json that lies here, so that `npm ci` runs only when it must.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const lockFile = new URL('../package-lock.json', import.meta.url);
const stampFile = new URL('../node_modules/.slipway-lock', import.meta.url);

/** The lock file's hash, and what native packages depend on: system, architecture and Node's major version. */
function expectedStamp() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return `${hash} ${process.platform}-${process.arch} node-${process.versions.node.split('.')[0]}\n`;
}

/** True when what is installed is what the lock file asks for. */
export function isInstalled() {
  try {
    return readFileSync(stampFile, 'utf8') === expectedStamp();
  } catch {
    return false;
  }
}

/** Written last, by the postinstall script: an interrupted installation has no stamp. */
export function writeInstallStamp() {
  mkdirSync(new URL('../node_modules/', import.meta.url), { recursive: true });
  writeFileSync(stampFile, expectedStamp());
}
