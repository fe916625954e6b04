// Debian's packages, where we may install them: as root, or through sudo where it asks for no password.
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

/** @param {string} output */
export function lastLine(output) {
  return output.trim().split('\n').at(-1) ?? '';
}
