// Runs a program and tells how it ended. Its output is shown as it comes, or collected and given back.
import { spawn } from 'node:child_process';

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv, cwd?: string }} [options] show: print the output instead of collecting it
 * @returns {Promise<{ ok: boolean, output: string, missing: boolean }>} missing: there is no such program
 */
export function runCommand(command, args, { show = false, env = process.env, cwd } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ ok: false, output: error.message, missing: error.code === 'ENOENT' }));
    child.once('close', (code) => resolve({ ok: code === 0, output, missing: false }));
  });
}
