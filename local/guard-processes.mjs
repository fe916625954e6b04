// Ends what a local stack started when the stack itself was killed and could not. It runs beside the stack, in a session
// of its own, and reads from it: "+ PID SIGNAL" when a process group begins, "- PID" when it has ended, "rm PATH" for a
// folder to remove, "now" for no more patience. The pipe closing without "bye" means that the stack is gone. Plain JavaScript: it starts at once.
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** Process groups by number, with the signal that asks the leader to end. */
const groups = new Map();
const folders = [];
let dismissed = false;
/** How long those who are asked to end may take. */
let patienceMs = 5_000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...rest] = line.split(' ');
  if (word === '+') groups.set(Number(rest[0]), rest[1]);
  else if (word === '-') groups.delete(Number(rest[0]));
  else if (word === 'rm') folders.push(rest.join(' '));
  else if (word === 'bye') dismissed = true;
  else if (word === 'now') patienceMs = 0;
}

if (!dismissed) {
  const programs = [...groups].filter(([, signal]) => signal === 'SIGTERM').map(([pid]) => pid);
  const databases = [...groups].filter(([, signal]) => signal !== 'SIGTERM');
  for (const pid of programs) kill(pid, 'SIGTERM');
  await ended(programs, patienceMs);
  // A leader may have gone and left others of its group behind.
  for (const pid of programs) kill(-pid, 'SIGKILL');
  // The database outlives those who use it. From SIGQUIT it recovers by itself; SIGKILL would leave processes behind.
  for (const [pid, signal] of databases) kill(pid, patienceMs === 0 ? 'SIGQUIT' : signal);
  await ended(
    databases.map(([pid]) => pid),
    10_000,
  );
  for (const [pid] of databases) kill(-pid, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

async function ended(pids, limitMs) {
  for (let waited = 0; waited < limitMs && pids.some(isAlive); waited += 50) await sleep(50);
}

function kill(target, signal) {
  try {
    process.kill(target, signal);
  } catch {
    // Already gone, which is what was wanted.
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // Ended, and waiting for init to collect it: nothing that one could still wait for.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
