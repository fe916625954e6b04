/** Finds the programs that checks run: where the setting says, in .tools/bin, on the PATH. What is too old counts as absent. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { toolSettings, type ToolSettings } from '@/lib/env';
import { toolEnvironment } from './environment';
import { runProgram } from './run-program';

export const toolNames = ['helm', 'compose', 'shellcheck'] as const;
export type ToolName = (typeof toolNames)[number];

/** A program as it is called: `docker` with `compose` before every other argument, for one. */
export interface Tool {
  kind: 'found';
  command: string;
  before: readonly string[];
  /** As the program says it: `2.26.1`. */
  version: string;
}

/** Nothing of the kind is here; `how` tells people how to provide it. */
export interface NoTool {
  kind: 'absent';
  how: string;
}

interface Kind {
  title: string;
  setting: keyof ToolSettings['places'];
  variable: string;
  /** How it may be called, in order of preference. */
  calls: readonly { program: string; before: readonly string[] }[];
  versionArguments: readonly string[];
  version: RegExp;
  accepts(major: number): boolean;
}

const kinds: Record<ToolName, Kind> = {
  helm: {
    title: 'Helm 3',
    setting: 'helm',
    variable: 'SLIPWAY_HELM',
    calls: [{ program: 'helm', before: [] }],
    versionArguments: ['version', '--short'],
    version: /v?((\d+)\.\d+(?:\.\d+)?)/,
    accepts: (major) => major === 3,
  },
  compose: {
    title: 'Docker Compose 2',
    setting: 'compose',
    variable: 'SLIPWAY_DOCKER_COMPOSE',
    calls: [
      { program: 'docker-compose', before: [] },
      { program: 'docker', before: ['compose'] },
    ],
    versionArguments: ['version', '--short'],
    version: /v?((\d+)\.\d+(?:\.\d+)?)/,
    accepts: (major) => major >= 2,
  },
  shellcheck: {
    title: 'shellcheck',
    setting: 'shellcheck',
    variable: 'SLIPWAY_SHELLCHECK',
    calls: [{ program: 'shellcheck', before: [] }],
    versionArguments: ['--version'],
    version: /version: ((\d+)\.\d+\.\d+)/,
    accepts: () => true,
  },
};

const found = new Map<string, Tool>();

/** The tool, or how to provide it. A tool that was found is asked for its version once per process; an absent one is looked for again each time. */
export async function findTool(name: ToolName, settings: ToolSettings = toolSettings()): Promise<Tool | NoTool> {
  const kind = kinds[name];
  const place = settings.places[kind.setting];
  if (place !== undefined) {
    const tool = await tryCall(kind, place, []);
    return tool ?? { kind: 'absent', how: `${kind.variable} names ${place}, which is no ${kind.title} that runs.` };
  }
  for (const { program, before } of kind.calls)
    for (const folder of [settings.ownFolder ?? '', ...settings.path.split(delimiter)]) {
      // A relative folder would be one of whatever folder we are started from.
      const tool = !isAbsolute(folder) ? undefined : await tryCall(kind, join(folder, program), before);
      if (tool) return tool;
    }
  return {
    kind: 'absent',
    how: `There is no ${kind.title} here. Run "make tools", put it on the PATH, or say where it is with ${kind.variable}.`,
  };
}

async function tryCall(kind: Kind, command: string, before: readonly string[]): Promise<Tool | undefined> {
  const key = [command, ...before].join('\n');
  const known = found.get(key);
  if (known) return known;
  try {
    await access(command, constants.X_OK);
  } catch {
    return undefined;
  }
  const { code, out } = await runProgram(command, [...before, ...kind.versionArguments], {
    folder: tmpdir(),
    environment: toolEnvironment(),
    timeoutMs: 10_000,
  });
  const [, version, major] = kind.version.exec(out) ?? [];
  if (code !== 0 || version === undefined || !kind.accepts(Number(major))) return undefined;
  const tool: Tool = { kind: 'found', command, before, version };
  found.set(key, tool);
  return tool;
}
