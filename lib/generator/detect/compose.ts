/** Guesses about Compose: root, stacks and base, the network everyone joins, how containers are called and labelled, how people start one. */
import type { ComposeService } from '../observe/compose-file';
import { includedFiles } from '../observe/includes';
import type { Tree } from '../types';
import { readLayout } from './compose-layout';
import { findPieces } from './compose-pieces';
import { isInUse, mostCommon, type Guesses } from './guess';

export interface ComposeGuess {
  compose?: Record<string, unknown>;
  naming: Record<string, unknown>;
}

export function detectCompose(tree: Tree, guesses: Guesses): ComposeGuess {
  const layout = readLayout(tree);
  if (!layout) return { naming: {} };
  const { root, base, perService } = layout;
  guesses.note('compose.root', root?.path, `${root?.services.length ?? 0} services are in it`, root?.path);
  guesses.note('compose.base', base?.path, `included by ${base?.includedBy ?? 0} Compose files`, base?.path);
  const stacks = Object.fromEntries([...layout.stacks].map(([name, file]) => [name, file.path]));
  if (layout.stacks.size > 0)
    guesses.note(
      'compose.stacks',
      stacks,
      `${layout.stacks.size} Compose files in ${layout.folders.map((folder) => (folder === '' ? 'the root' : `${folder}/`)).join(', ')}`,
      layout.folders[0],
    );
  guesses.note(
    'compose.perService',
    perService?.path,
    `${perService?.like ?? 0} of ${perService?.of ?? 0} folders are called like a service in them`,
  );
  const used = [...(root ? [root] : []), ...layout.stacks.values()];
  const pieces = findPieces(tree, used);
  const templates = Object.fromEntries([...pieces].map(([path, { template }]) => [path, template]));
  const [like, of] = (['like', 'of'] as const).map((key) =>
    [...pieces.values()].reduce((sum, one) => sum + one[key], 0),
  );
  guesses.note(
    'compose.pieces',
    pieces.size > 0 ? templates : undefined,
    `${like ?? 0} of ${of ?? 0} included files are called after their service`,
    [...pieces.keys()][0],
  );
  const parts = new Map(used.flatMap((file) => [file, ...includedFiles(tree, file)]).map((file) => [file.path, file]));
  const services = [...parts.values()].flatMap((file) => file.services);

  const network = mostCommon(services.flatMap((service) => service.networks));
  const defaultNetwork = guesses.note(
    'compose.defaultNetwork',
    // What a minority joins is not for everybody.
    network && network.count * 3 >= services.length ? network.value : undefined,
    `joined by ${network?.count ?? 0} of ${services.length} services`,
  );
  const reserved = reservedNetworks(layout.files.flatMap((file) => file.services));
  if (reserved.length > 0)
    guesses.note('compose.reservedNetworks', reserved, 'the public side of the Traefik container, by its name');
  const restart = mostCommon(
    services.flatMap((service) => (typeof service.fields['restart'] === 'string' ? [service.fields['restart']] : [])),
  );
  guesses.note('compose.restart', restart?.value, `${restart?.count ?? 0} of ${restart?.of ?? 0} services`);
  const startCommand = detectStart(tree, guesses);
  return {
    compose: {
      ...(root ? { root: root.path } : {}),
      ...(base ? { base: base.path } : {}),
      stacks,
      ...(perService ? { perService: perService.path } : {}),
      pieces: templates,
      ...(defaultNetwork === undefined ? {} : { defaultNetwork }),
      reservedNetworks: reserved.filter((name) => name !== defaultNetwork),
      ...(restart ? { restart: restart.value } : {}),
      ...(startCommand === undefined ? {} : { startCommand }),
    },
    naming: detectNaming(services, guesses),
  };
}

/** How people start one service, as READMEs, scripts and the files' own heads say: with which environment file. */
function detectStart(tree: Tree, guesses: Guesses): string | undefined {
  const commands = tree.paths
    .filter((path) => isInUse(path) && /\.(?:md|sh|ya?ml)$|(?:^|\/)Makefile$/i.test(path))
    .flatMap((path) => [...(tree.read(path) ?? '').matchAll(/docker[ -]compose((?: --env-file \S+)?) -f \S+ up\b/g)])
    .map((match) => match[1] ?? '');
  const most = mostCommon(commands);
  if (!most || !/^ --env-file [\w./-]+$/.test(most.value)) return undefined;
  return guesses.note(
    'compose.startCommand',
    `docker compose${most.value} -f {file} up -d {service}`,
    `${most.count} of ${most.of} commands in the repository start so`,
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
