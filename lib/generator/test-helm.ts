/** The real Helm, for tests: on the PATH or where the project's setup puts it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const provided = fileURLToPath(new URL('../../.tools/bin/helm', import.meta.url));

/** Path of the helm command. @throws where there is none: these tests prove nothing without it. */
export function findHelm(): string {
  if (existsSync(provided)) return provided;
  const found = (process.env.PATH ?? '').split(':').find((folder) => folder !== '' && existsSync(join(folder, 'helm')));
  if (found === undefined)
    throw new Error(
      'Helm is not here. `make test` provides it; by hand: put helm 3 on the PATH or at .tools/bin/helm.',
    );
  return join(found, 'helm');
}

/** Runs helm and gives what it printed. */
export function runHelm(args: readonly string[]): { status: number | null; out: string } {
  const result = spawnSync(findHelm(), args, { encoding: 'utf8', env: { ...process.env, HELM_NO_PLUGINS: '1' } });
  if (result.error) throw result.error;
  return { status: result.status, out: `${result.stdout}${result.stderr}` };
}
