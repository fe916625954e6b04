// The portal's production build, made again only when something that goes into it changed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describeBuildUser } from './instance-lock';
import { StackError } from './stack-error';

/** Everything that `next build` reads. Tests and the local stand-ins do not go into the portal. */
const INPUTS = [
  'app',
  'components',
  'lib',
  'public',
  'prisma/schema.prisma',
  'proxy.ts',
  'instrumentation.ts',
  'instrumentation-client.ts',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];
const NOT_INPUTS = /(^|\/)(generated|fixtures|node_modules)(\/|$)|\.test\.tsx?$/;

/** A hash over all that goes into the build, and over the Node that makes it. */
export function hashOfBuildInputs(root: string): string {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0] ?? '');
  for (const input of INPUTS) {
    for (const file of filesUnder(join(root, input))) {
      const name = relative(root, file);
      if (NOT_INPUTS.test(name)) continue;
      hash.update(`\0${name}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path];
    throw error;
  }
}

/** True when .next holds a finished build of exactly these sources. */
export function isBuilt(root: string): boolean {
  try {
    return readFileSync(stampFile(root), 'utf8').trim() === hashOfBuildInputs(root);
  } catch {
    return false;
  }
}

/**
 * Builds the portal if its sources changed since the last time.
 *
 * @param options.onProcess called with the process group that builds, so that it can be ended
 * @returns true when it built, false when the build at hand is the right one
 * @throws StackError with the end of the build's output, or when a running portal still needs the old build
 */
export async function buildPortal(
  root: string,
  options: { logFile: string; env: NodeJS.ProcessEnv; onProcess?: (pid: number) => void },
): Promise<boolean> {
  const hash = hashOfBuildInputs(root);
  if (isBuilt(root)) return false;
  const user = describeBuildUser(join(root, '.slipway'));
  if (user)
    throw new StackError(`The sources changed, and a new build would break the portal that is running. ${user}`);
  rmSync(stampFile(root), { force: true });
  const output: string[] = [];
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: root,
      env: { ...options.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) options.onProcess?.(child.pid);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.once('error', reject);
    child.once('close', resolve);
  });
  const text = output.join('');
  writeFileSync(options.logFile, text);
  if (code !== 0) {
    const reason = text.includes('ENOSPC') ? 'The disk is full.' : text.trimEnd().split('\n').slice(-30).join('\n');
    throw new StackError(`The portal could not be built (the whole output is in ${options.logFile}):\n${reason}`);
  }
  mkdirSync(join(root, '.next'), { recursive: true });
  writeFileSync(stampFile(root), `${hash}\n`);
  return true;
}

function stampFile(root: string): string {
  return join(root, '.next', 'slipway-inputs');
}
