import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder, type DataFolder } from './data-folder';
import { freePort, portOwner } from './free-port';
import { choosePorts, PORT_NAMES, portsFromEnvironment, type StackPorts } from './stack-ports';

let directory: string;
let folder: DataFolder;
const servers: Server[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-ports-'));
  folder = openDataFolder(directory);
});

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

/** Listens on the port, or any. */
async function occupy(port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const anyPorts = Object.fromEntries(PORT_NAMES.map((name) => [name, 0])) as StackPorts;

describe('choosePorts', () => {
  it('gives each part a port of its own and the same ones the next time', async () => {
    const first = await choosePorts(folder, anyPorts);
    expect(new Set(Object.values(first.ports)).size).toBe(PORT_NAMES.length);
    expect(first.notes).toEqual([]);
    expect((await choosePorts(folder, anyPorts)).ports).toEqual(first.ports);
    expect((await choosePorts(folder)).ports).toEqual(first.ports);
  });

  it('moves a part whose remembered port is taken, and says who has it', async () => {
    const before = (await choosePorts(folder, anyPorts)).ports;
    await occupy(before.github);
    const { ports, notes } = await choosePorts(folder);
    expect(ports).toEqual({ ...before, github: expect.any(Number) as number });
    expect(ports.github).not.toBe(before.github);
    expect(notes).toEqual([
      expect.stringMatching(new RegExp(`^port ${before.github} for the github .*process ${process.pid}`)),
    ]);
    // Where it has moved to is remembered in turn.
    expect((await choosePorts(folder)).ports.github).toBe(ports.github);
  });

  it('uses the port that was asked for, for this run alone', async () => {
    const before = (await choosePorts(folder, anyPorts)).ports;
    const portal = await freePort();
    expect((await choosePorts(folder, { portal })).ports).toEqual({ ...before, portal });
    expect((await choosePorts(folder)).ports.portal).toBe(before.portal);
  });

  it('names who has the port that was asked for', async () => {
    const portal = await occupy();
    await expect(choosePorts(folder, { ...anyPorts, portal })).rejects.toThrow(
      new RegExp(`Port ${portal} \\(SLIPWAY_PORT\\) is taken by .*process ${process.pid}`),
    );
  });

  it('refuses one port for two parts', async () => {
    const port = await freePort();
    await expect(choosePorts(folder, { ...anyPorts, portal: port, notion: port })).rejects.toThrow(/asked for twice/);
  });

  it('does not hand a port that was asked for to a part before it', async () => {
    const before = (await choosePorts(folder, anyPorts)).ports;
    const { ports } = await choosePorts(folder, { database: before.portal });
    expect(ports.database).toBe(before.portal);
    expect(ports.portal).not.toBe(before.portal);
  });
});

describe('portsFromEnvironment', () => {
  it('reads the variables that are set', () => {
    expect(portsFromEnvironment({ SLIPWAY_PORT: '8080', SLIPWAY_NOTION_PORT: '', NODE_ENV: 'test' })).toEqual({
      portal: 8080,
    });
  });

  it.each(['http', '0', '70000', '80.5', '-1'])('refuses %s', (value) => {
    expect(() => portsFromEnvironment({ SLIPWAY_PORT: value, NODE_ENV: 'test' })).toThrow(
      `SLIPWAY_PORT=${value} is not a port`,
    );
  });
});

describe('portOwner', () => {
  it('knows us, and nobody on a free port', async () => {
    expect(portOwner(await occupy())).toContain(`process ${process.pid}`);
    expect(portOwner(await freePort())).toBeUndefined();
  });
});
