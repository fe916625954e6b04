/** Whether Traefik shares a network with the container that it is to reach, and how it joins one where it does not. */
import { joinPath, type ComposeFile, type ComposeService } from '../../observe/compose-file';
import { includersOf, readComposeFiles } from '../../observe/compose-files';
import { includedFiles } from '../../observe/includes';
import type { EmitContext, FollowUp, Tree } from '../../types';
import type { Profile } from '../../profile';
import { asRecord, asText } from '../../yaml/read';

interface Placed {
  file: ComposeFile;
  service: ComposeService;
}

/** The step for a backend that is reached by container name on a network that Traefik is not on; nothing where it is, or where nothing says. */
export function joinNetwork({ manifest, profile, tree }: EmitContext): FollowUp[] {
  // What Docker's labels say is reached by container too.
  if (profile.traefik?.backend !== 'container' && !profile.traefik?.labels) return [];
  const placed = readComposeFiles(tree, profile).flatMap(({ file }) =>
    file.services.map((service): Placed => ({ file, service })),
  );
  const own = placed.find(({ service }) => service.name === manifest.name);
  const proxy = placed.find(({ service }) => /(^|\/)traefik(:|@|$)/.test(service.image ?? ''));
  if (!own || !proxy) return [];
  const joined = new Set(networksOf(tree, profile, proxy));
  const networks = networksOf(tree, profile, own);
  const [network] = networks;
  if (network === undefined || networks.some((one) => joined.has(one))) return [];
  const container = proxy.service.containerName ?? proxy.service.name;
  return [
    {
      phase: 'routing',
      key: `traefik-network:${network}`,
      title: `Let Traefik join the network ${network}`,
      detail: `${manifest.name} is on ${networks.join(', ')}, and Traefik is on none of them. Add ${network} to the networks of ${proxy.service.name} in ${proxy.file.path} too, as an external one, or the next start forgets it.`,
      command: `docker network connect ${network} ${container}`,
    },
  ];
}

/** The networks of a service as Docker knows them. */
function networksOf(tree: Tree, profile: Profile, { file, service }: Placed): string[] {
  const names = service.networks.length > 0 ? service.networks : ['default'];
  return names.map((name) => dockerName(tree, profile, file, name));
}

/** A network's own name: the one that its declaration gives it, or its key behind the project's name; external ones are called as they are. */
function dockerName(tree: Tree, profile: Profile, file: ComposeFile, key: string): string {
  const declaring = [file, ...included(tree, profile, file)].find((one) => one.networks.has(key));
  const fields = asRecord(declaring?.networks.get(key));
  const named = asText(fields?.['name']);
  if (named !== undefined) return named;
  if (fields?.['external'] === true) return key;
  const project = file.projectName ?? projectOf(file.path);
  // What the repository's own folder is called, only its checkout knows.
  return project === '' ? key : `${project}_${key}`;
}

/** Compose calls a project after its file's folder. */
function projectOf(path: string): string {
  const folder = joinPath(path, '.').split('/').at(-1) ?? '';
  return folder.toLowerCase().replace(/[^a-z0-9_-]/g, '');
}

function included(tree: Tree, profile: Profile, file: ComposeFile): ComposeFile[] {
  // What a stack declares, the pieces that it includes use.
  const around = [file, ...includersOf(tree, profile, file.path)];
  return [...around.slice(1), ...around.flatMap((one) => includedFiles(tree, one))];
}
