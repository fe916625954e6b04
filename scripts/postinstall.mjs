// Runs at the end of `npm ci` and `npm install`: generates the Prisma client and then leaves a stamp that tells `make up`
// that these node_modules belong to this package-lock.json.
import { writeInstallStamp } from './install-stamp.mjs';
import { ensurePrismaClient } from './prisma-client.mjs';

try {
  ensurePrismaClient();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
writeInstallStamp();
