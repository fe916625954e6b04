// Which port each part of the local stack listens on. Chosen once and remembered, because addresses end up in bookmarks,
// in the identity provider's name and in links to pull requests; moved only when something else took the place.
import { z } from 'zod';
import type { DataFolder } from './data-folder';
import { freePort, isFree, portOwner } from './free-port';
import { StackError } from './stack-error';

export const StackPorts = z.object({
  portal: z.number().int(),
  identity: z.number().int(),
  github: z.number().int(),
  notion: z.number().int(),
  database: z.number().int(),
});
export type StackPorts = z.infer<typeof StackPorts>;
export type PortName = keyof StackPorts;

export const PORT_NAMES = Object.keys(StackPorts.shape) as PortName[];

/** The variable by which a person asks for a port of their own. */
export const PORT_VARIABLES: Record<PortName, string> = {
  portal: 'SLIPWAY_PORT',
  identity: 'SLIPWAY_IDENTITY_PORT',
  github: 'SLIPWAY_GITHUB_PORT',
  notion: 'SLIPWAY_NOTION_PORT',
  database: 'SLIPWAY_DATABASE_PORT',
};

const DEFAULTS: StackPorts = { portal: 4400, identity: 4401, github: 4402, notion: 4403, database: 4404 };

/** How far to look beyond the default before giving up. */
const REACH = 200;

export interface PortChoice {
  ports: StackPorts;
  /** A sentence for each port that had to move from where it was before. */
  notes: string[];
}

/** Reads the ports that the person asked for by environment variables. @throws StackError when one is no port */
export function portsFromEnvironment(environment: NodeJS.ProcessEnv): Partial<StackPorts> {
  const asked: Partial<StackPorts> = {};
  for (const name of PORT_NAMES) {
    const value = environment[PORT_VARIABLES[name]];
    if (value === undefined || value === '') continue;
    const port = Number(value);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new StackError(`${PORT_VARIABLES[name]}=${value} is not a port: give a number from 1 to 65535.`);
    }
    asked[name] = port;
  }
  return asked;
}

/**
 * Chooses a free port for each part: the one asked for, else the remembered one, else the next free from the default.
 *
 * @param asked ports that must be these; 0 lets the system pick any, the same again at the next start
 * @throws StackError when a port that was asked for is taken (naming who has it) or none is free
 */
export async function choosePorts(folder: DataFolder, asked: Partial<StackPorts> = {}): Promise<PortChoice> {
  const remembered = StackPorts.partial().safeParse(folder.readJson('ports.json')).data ?? {};
  const ports: Partial<StackPorts> = {};
  const notes: string[] = [];
  // First what is given, then the rest, so that a port that somebody asked for is not handed to another part before.
  const inOrder = [...PORT_NAMES].sort((a, b) => Number(asked[b] !== undefined) - Number(asked[a] !== undefined));
  for (const name of inOrder) {
    const taken = new Set(Object.values(ports));
    const wanted = asked[name];
    if (wanted === 0) {
      ports[name] = await anyPort(taken, remembered[name]);
    } else if (wanted !== undefined) {
      if (taken.has(wanted))
        throw new StackError(`${PORT_VARIABLES[name]}=${wanted} is asked for twice. Give each its own port.`);
      if (!(await isFree(wanted))) throw new StackError(takenMessage(name, wanted));
      ports[name] = wanted;
    } else {
      const before = remembered[name] ?? DEFAULTS[name];
      const port = await firstFree(name, before, taken);
      if (port !== before) notes.push(movedMessage(name, before, port));
      ports[name] = port;
    }
  }
  const chosen = StackPorts.parse(ports);
  // A port asked for by name holds for this run; without the variable the part is back where it was.
  const kept = PORT_NAMES.filter((name) => !asked[name]).map((name) => [name, chosen[name]]);
  folder.writeJson('ports.json', { ...remembered, ...Object.fromEntries(kept) });
  return { ports: chosen, notes };
}

async function anyPort(taken: Set<number>, before: number | undefined): Promise<number> {
  if (before !== undefined && !taken.has(before) && (await isFree(before))) return before;
  for (;;) {
    const port = await freePort();
    if (!taken.has(port)) return port;
  }
}

async function firstFree(name: PortName, before: number, taken: Set<number>): Promise<number> {
  const others = new Set(Object.values(DEFAULTS));
  const start = DEFAULTS[name];
  const candidates = [before, start, ...Array.from({ length: REACH }, (_, step) => start + 5 + step)];
  for (const port of candidates) {
    const isAnothersDefault = others.has(port) && port !== start && port !== before;
    if (port <= 65535 && !taken.has(port) && !isAnothersDefault && (await isFree(port))) return port;
  }
  throw new StackError(`No free port from ${start} on for the ${name}. Name one with ${PORT_VARIABLES[name]}.`);
}

function takenMessage(name: PortName, port: number): string {
  const owner = portOwner(port);
  return (
    `Port ${port} (${PORT_VARIABLES[name]}) is taken${owner ? ` by ${owner}` : ''}. ` +
    `Stop that program, or give ${PORT_VARIABLES[name]} another number.`
  );
}

function movedMessage(name: PortName, before: number, port: number): string {
  const owner = portOwner(before);
  return `port ${before} for the ${name} is taken${owner ? ` by ${owner}` : ''}; using ${port}`;
}
