// Tells whether a process is still the one it was: process numbers are given out again, its start time is not.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** True when a process of this number runs, whoever owns it. One that has ended and was not collected yet does not run. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return readStat(pid)?.[0] !== 'Z';
}

/** When the process started, in whatever form this system gives; undefined when no such process runs. */
export function startTime(pid: number): string | undefined {
  const stat = readStat(pid);
  // Counted from the process's state, which is the third field, the start time is the 22nd.
  if (stat) return stat[0] === 'Z' ? undefined : stat[19];
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() ? stdout.trim() : undefined;
}

/** Linux: what /proc says of the process after its number and name; undefined elsewhere, or when there is none. */
function readStat(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may itself hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
