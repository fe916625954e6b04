// Builds the portal as `make up` and the browser tests run it, if its sources changed since the last time.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPortal } from '@/local/portal-build';
import { baseEnvironment } from '@/local/portal-environment';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const logFile = process.argv[2] ?? join(tmpdir(), 'slipway-build.log');

try {
  const built = await buildPortal(root, { logFile, env: baseEnvironment() });
  console.log(built ? 'built' : 'unchanged since the last build');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
