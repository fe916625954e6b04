// Ends what a local stack started when the stack itself was killed and could not. It runs beside the stack, in a session
// of its own, and reads from it: "+ PID SIGNAL" when a process group begins, "- PID" when it has ended, "rm PATH" for a
// folder to remove, "now" for no more patience. The pipe closing without "bye" means that the stack is gone. Plain JavaScript: it starts at once.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is to be ended, in the order in which it was started, and the signal that asks it to. */
const groups = new Map();
const folders = [];
let dismissed = false;
let patienceMs = 8_000;

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
  // Last started, first ended: the database outlives those who use it.
  for (const [pid, signal] of [...groups].reverse()) await end(pid, signal);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

async function end(pid, signal) {
  // PostgreSQL recovers from SIGQUIT by itself, but from SIGKILL it would leave processes of its own behind.
  const isDatabase = signal !== 'SIGTERM';
  kill(pid, patienceMs === 0 && isDatabase ? 'SIGQUIT' : signal);
  const limit = isDatabase ? 8_000 : patienceMs;
  for (let waited = 0; waited < limit && isAlive(pid); waited += 50) await sleep(50);
  // The leader may have gone and left others of its group behind.
  kill(-pid, 'SIGKILL');
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
    return true;
  } catch {
    return false;
  }
}
