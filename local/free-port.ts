// Ports on this machine: which are free, and who has one that is not.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/** A port on 127.0.0.1 that nothing listens on at this moment, chosen by the system. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/** True when 127.0.0.1 has room for a listener on this port. */
export async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch {
    return false;
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      const chosen = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve(chosen));
    });
  });
}

/** Who listens on the port, as `name (process 123)`; undefined where the system does not tell us. */
export function portOwner(port: number): string | undefined {
  const owner = ownerFromProc(port) ?? ownerFromLsof(port);
  return owner && `${owner.name} (process ${owner.pid})`;
}

interface Owner {
  pid: number;
  name: string;
}

/** Linux: the socket's inode stands in /proc/net/tcp, and the process that holds it has a link to that inode. */
function ownerFromProc(port: number): Owner | undefined {
  const listening = '0A';
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(table)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${hexPort}`) && fields[3] === listening && fields[9])
        inodes.add(`socket:[${fields[9]}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of list(`/proc/${pid}/fd`)) {
      if (!inodes.has(readLink(`/proc/${pid}/fd/${descriptor}`))) continue;
      return { pid: Number(pid), name: readLines(`/proc/${pid}/comm`)[0] || 'a program' };
    }
  }
  return undefined;
}

function ownerFromLsof(port: number): Owner | undefined {
  const { status, stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const pid = stdout.match(/^p(\d+)$/m)?.[1];
  return pid ? { pid: Number(pid), name: stdout.match(/^c(.+)$/m)?.[1] ?? 'a program' } : undefined;
}

// A process may end while we look at it, and others' are closed to us: what cannot be read is left out.
function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
