// Generates the Prisma client into lib/generated/prisma when the schema changed since the last time. Needs no download,
// no network and no database.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const inputs = ['../prisma/schema.prisma', '../prisma.config.ts', '../node_modules/prisma/package.json'];
const output = new URL('../lib/generated/prisma/', import.meta.url);
const stampFile = new URL('slipway-schema', output);

/** @returns {boolean} true when it generated, false when the client at hand is the right one */
export function ensurePrismaClient() {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(readFileSync(new URL(input, import.meta.url)));
  const stamp = `${hash.digest('hex')}\n`;
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  const prisma = fileURLToPath(new URL('../node_modules/prisma/build/index.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, 'generate'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The Prisma client could not be generated:\n${stderr || stdout}`);
  writeFileSync(stampFile, stamp);
  return true;
}
