// Runs at the end of `npm ci` and `npm install`: generates the Prisma client (no download, no database) and then
// leaves a stamp that tells `make up` that these node_modules belong to this package-lock.json.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeInstallStamp } from './install-stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

if (existsSync(new URL('../prisma/schema.prisma', import.meta.url))) {
  const prisma = fileURLToPath(new URL('../node_modules/prisma/build/index.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [prisma, 'generate'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    console.error('Could not generate the Prisma client. Run "npx prisma generate" to see why.');
    process.exit(1);
  }
}
writeInstallStamp();
