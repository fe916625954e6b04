/** A folder for one run of a tool: only the files it needs, readable by us alone, gone afterwards. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

/**
 * Writes the files, runs `work` on the folder and removes it.
 * @param files texts by their path from the repository's root, with `/` between folders.
 * @throws RangeError for a path that leads out of the folder.
 */
export async function withPrivateFolder<T>(
  files: ReadonlyMap<string, string>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-check-'));
  try {
    const home = join(folder, 'home');
    const repository = join(folder, 'repository');
    await Promise.all([mkdir(home), mkdir(repository)]);
    for (const [path, text] of files) {
      const target = resolve(repository, path);
      if (!target.startsWith(repository + sep)) throw new RangeError(`${path} leads out of the repository`);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the files of a private folder stand. */
export function repositoryIn(folder: string): string {
  return join(folder, 'repository');
}

/**
 * The environment of a tool: where programs are, an empty home, and nothing that is secret. It is told that the network is not for it: what would ask for
 * a proxy finds none that answers, and neither a Docker daemon nor a cluster is named.
 */
export function toolEnvironment(folder: string): Record<string, string> {
  const home = join(folder, 'home');
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    DOCKER_CONFIG: home,
    DOCKER_HOST: `unix://${home}/docker.sock`,
    KUBECONFIG: join(home, 'kubeconfig'),
    HELM_NO_PLUGINS: '1',
    COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false',
    COMPOSE_EXPERIMENTAL_OCI_REMOTE: 'false',
    COMPOSE_DISABLE_ENV_FILE: 'true',
  };
}
