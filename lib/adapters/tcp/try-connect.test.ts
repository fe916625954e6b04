import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { tryConnect } from './try-connect';

const PATIENT_MS = 10_000;
const servers: Server[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function listen(): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

test('somebody who listens is reachable, whatever they say', async () => {
  const { port } = await listen();
  expect(await tryConnect('127.0.0.1', port, PATIENT_MS)).toBe('reachable');
  expect(await tryConnect('localhost', port, PATIENT_MS)).toBe('reachable');
});

test('where nobody listens it is refused', async () => {
  const { port, server } = await listen();
  await new Promise((closed) => server.close(closed));
  expect(await tryConnect('127.0.0.1', port, PATIENT_MS)).toBe('refused');
});

test('a name that nobody has is unreachable', async () => {
  expect(await tryConnect('nobody.invalid', 80, PATIENT_MS)).toBe('unreachable');
});

/** A process that is stopped accepts nobody: when its short queue is full, the machine says nothing at all. */
test('where nothing comes back it is a timeout', async () => {
  const program = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGSTOP');
  await expect.poll(() => tryConnect('127.0.0.1', Number(said.toString()), 300), { timeout: 20_000 }).toBe('timeout');
});
