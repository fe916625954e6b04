/** Guesses about Compose: root, stacks and base, the network everyone joins, how containers are called and labelled. */
import { readComposeFile, type ComposeFile, type ComposeService } from '../observe/compose-file';
import { readYaml } from '../observe/read-yaml';
import type { Tree } from '../types';
import { baseName, folderOf, isInUse, mostCommon, type Guesses } from './guess';

const COMPOSE_NAME = /^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;

export interface ComposeGuess {
  compose?: Record<string, unknown>;
  naming: Record<string, unknown>;
}

export function detectCompose(tree: Tree, guesses: Guesses): ComposeGuess {
  const files = tree.paths
    .filter((path) => COMPOSE_NAME.test(baseName(path)) && isInUse(path))
    .flatMap((path) => {
      const yaml = readYaml(tree, path);
      return yaml ? [readComposeFile(yaml)] : [];
    });
  if (files.length === 0) return { naming: {} };
  const root = files.find((file) => folderOf(file.path) === '' && /^(?:docker-)?compose\.ya?ml$/i.test(file.path));
  guesses.note(
    'compose.root',
    root?.path,
    `${root?.services.length ?? 0} services at the repository's root`,
    root?.path,
  );

  const included = mostCommon(files.flatMap((file) => file.includes));
  const base = guesses.note(
    'compose.base',
    included?.value,
    `included by ${included?.count ?? 0} Compose files`,
    included?.value,
  );
  const stacks = detectStacks(files, base, guesses);
  const used = files.filter((file) => file.path === root?.path || Object.values(stacks).includes(file.path));
  const services = (used.length > 0 ? used : files).flatMap((file) => file.services);

  const network = mostCommon(services.flatMap((service) => service.networks));
  const defaultNetwork = guesses.note(
    'compose.defaultNetwork',
    network?.value,
    `joined by ${network?.count ?? 0} of ${services.length} services`,
  );
  const reserved = reservedNetworks(files.flatMap((file) => file.services));
  if (reserved.length > 0)
    guesses.note('compose.reservedNetworks', reserved, 'the public side of the Traefik container, by its name');
  const restart = mostCommon(
    services.flatMap((service) => (typeof service.fields['restart'] === 'string' ? [service.fields['restart']] : [])),
  );
  guesses.note('compose.restart', restart?.value, `${restart?.count ?? 0} of ${restart?.of ?? 0} services`);
  return {
    compose: {
      ...(root ? { root: root.path } : {}),
      ...(base === undefined ? {} : { base }),
      stacks,
      ...(defaultNetwork === undefined ? {} : { defaultNetwork }),
      reservedNetworks: reserved.filter((name) => name !== defaultNetwork),
      ...(restart ? { restart: restart.value } : {}),
    },
    naming: detectNaming(services, guesses),
  };
}

/** Two or more files of one folder, each with services of its own. */
function detectStacks(
  files: readonly ComposeFile[],
  base: string | undefined,
  guesses: Guesses,
): Record<string, string> {
  const candidates = files.filter(
    (file) => folderOf(file.path) !== '' && file.path !== base && file.services.length > 0,
  );
  const folder = mostCommon(candidates.map((file) => folderOf(file.path)));
  if (!folder || folder.count < 2) return {};
  const stacks: Record<string, string> = {};
  for (const file of candidates) {
    if (folderOf(file.path) !== folder.value) continue;
    const name = baseName(file.path)
      .replace(/\.ya?ml$/i, '')
      .replace(/^(?:docker-)?compose[._-]?/i, '');
    if (/^[a-z0-9][a-z0-9_-]*$/i.test(name)) stacks[name] = file.path;
  }
  return (
    guesses.note(
      'compose.stacks',
      stacks,
      `${Object.keys(stacks).length} Compose files in ${folder.value}/`,
      folder.value,
    ) ?? {}
  );
}

/** The proxy's public side: it joins, hardly anybody else does, and the name says so. A project's network that it also joins is not that. */
function reservedNetworks(services: readonly ComposeService[]): string[] {
  const isProxy = (service: ComposeService) => /(^|\/)traefik(:|@|$)/.test(service.image ?? '');
  const others = (name: string) =>
    new Set(services.filter((service) => !isProxy(service) && service.networks.includes(name)).map((one) => one.name));
  return [...new Set(services.filter(isProxy).flatMap((service) => service.networks))].filter(
    (name) => /(^|[_-])(edge|ingress|public|dmz|proxy|traefik)([_-]|$)/i.test(name) && others(name).size <= 1,
  );
}

function detectNaming(services: readonly ComposeService[], guesses: Guesses): Record<string, unknown> {
  const naming: Record<string, unknown> = {};
  const named = services.filter((service) => service.containerName?.endsWith(service.name));
  const prefix = mostCommon(named.map((service) => service.containerName?.slice(0, -service.name.length) ?? ''));
  if (prefix && prefix.value !== '' && prefix.count * 2 > services.length)
    naming['containerPrefix'] = guesses.note(
      'naming.containerPrefix',
      prefix.value,
      `${prefix.count} of ${services.length} containers are called so`,
    );
  const namespace = mostCommon(
    services.flatMap((service) =>
      Object.keys(service.labels).flatMap(
        (label) => /^([a-z][\w-]*)\.(?:service|project|workload)$/i.exec(label)?.[1] ?? [],
      ),
    ),
  );
  if (!namespace || namespace.value === 'traefik' || namespace.value === 'com') return naming;
  naming['labelNamespace'] = guesses.note(
    'naming.labelNamespace',
    namespace.value,
    `${namespace.count} labels begin so`,
  );
  const project = mostCommon(services.flatMap((service) => service.labels[`${namespace.value}.project`] ?? []));
  if (project)
    naming['project'] = guesses.note(
      'naming.project',
      project.value,
      `${project.count} of ${project.of} project labels say so`,
    );
  return naming;
}
