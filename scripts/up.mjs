// The entry of `npm run up`, `npm run dev` and `npm run reset` (and of make's targets of the same names). It is plain
// JavaScript that an old Node can still read, so that a Node that is too old is told so in a sentence; then it installs
// the packages if they are missing or outdated, and hands over to local/up.ts.
import { spawnSync } from 'child_process';
import { fileURLToPath } from 'url';
import { checkNode } from './node-version.mjs';
import { ensureInstalled } from './install.mjs';

checkNode();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const command = process.argv[2] || '--up';
if (['--up', '--dev', '--reset'].indexOf(command) < 0 || process.argv.length > 3) {
  console.error('usage: node scripts/up.mjs [--up | --dev | --reset]');
  process.exit(2);
}

ensureInstalled(spawnSync);
import('tsx/esm/api')
  .then(({ register }) => {
    register();
    return import('../local/up.ts');
  })
  .then(({ up, reset }) => {
    if (command === '--reset') return reset();
    return up(command === '--dev' ? 'development' : 'production');
  })
  .then(
    // Nothing may hold the process open once everything has stopped.
    () => process.exit(),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
