/** Guesses about Traefik: its dynamic file, the middlewares by access posture, how backends are reached and called, the platform's domain. */
import { readYaml } from '../observe/read-yaml';
import { mergeTraefikFiles, readTraefikFile, type TraefikFile, type TraefikRouter } from '../observe/traefik-file';
import type { Tree } from '../types';
import { asRecord, asText } from '../yaml/read';
import { asksForSignIn } from './sign-in';
import { folderOf, isInUse, mostCommon, type Guesses } from './guess';
import { detectTraefikLabels } from './traefik-labels';

export interface TraefikGuess {
  traefik?: Record<string, unknown>;
  domain?: string;
}

export function detectTraefik(tree: Tree, guesses: Guesses): TraefikGuess {
  const found = findDynamic(tree);
  const labels = detectTraefikLabels(tree, guesses, found?.file.routers.length ?? 0);
  if (labels) return labels;
  if (!found) return {};
  const { dynamic, file } = found;
  const { routers, services } = file;
  guesses.note('traefik.dynamic', dynamic, `${routers.length} routers and ${services.length} services`, file.path);
  const domain = mostCommon(routers.flatMap((router) => router.targets.flatMap(({ host }) => parentDomain(host))));
  const suffix = mostCommon(
    routers.flatMap((router) =>
      router.service?.startsWith(router.name) ? [router.service.slice(router.name.length)] : [],
    ),
  );
  if (suffix)
    guesses.note(
      'traefik.serviceSuffix',
      suffix.value,
      `${suffix.count} of ${routers.length} routers name their service so`,
      file.path,
    );
  const twin = domain && detectTwin(file, domain.value, guesses);
  return {
    traefik: {
      dynamic,
      middlewares: detectMiddlewares(file, guesses),
      ...detectBackend(file, guesses),
      ...(suffix ? { serviceSuffix: suffix.value } : {}),
      ...detectTransports(file, suffix?.value ?? '', guesses),
      ...detectEntry(file, guesses),
      ...(twin ? { twin } : {}),
    },
    ...(domain
      ? {
          domain:
            guesses.note('platform.domain', domain.value, `${domain.count} of ${domain.of} hosts end so`, file.path) ??
            domain.value,
        }
      : {}),
  };
}

/** The file with the most routers; its folder, where several files of it have some. */
function findDynamic(tree: Tree): { dynamic: string; file: TraefikFile } | undefined {
  const read = (path: string): TraefikFile[] => {
    const yaml = readYaml(tree, path);
    return yaml ? [readTraefikFile(yaml)] : [];
  };
  const isDynamic = (path: string) => /\.ya?ml$/i.test(path) && isInUse(path);
  const files = tree.paths
    .filter((path) => isDynamic(path) && /^[ \t]+routers:/m.test(tree.read(path) ?? ''))
    .flatMap(read)
    .filter((file) => file.routers.length > 0);
  const [largest] = [...files].sort((a, b) => b.routers.length - a.routers.length);
  if (!largest) return undefined;
  const folder = folderOf(largest.path);
  const beside = files.filter((file) => folderOf(file.path) === folder);
  if (folder === '' || beside.length < 2) return { dynamic: largest.path, file: largest };
  const all = tree.paths.filter((path) => folderOf(path) === folder && isDynamic(path)).flatMap(read);
  return { dynamic: `${folder}/`, file: mergeTraefikFiles(folder, all) };
}

/** `['example.test']` for `n8n.example.test`; nothing where that is no domain with a dot. */
function parentDomain(host: string): string[] {
  const rest = host.split('.').slice(1).join('.');
  return rest.includes('.') ? [rest] : [];
}

/** Resolver and entry points that most routers have. */
function detectEntry(file: TraefikFile, guesses: Guesses): Record<string, unknown> {
  const { routers, path } = file;
  const resolver = mostCommon(routers.map((router) => asText(router.tls?.['certResolver'])));
  const entryPoints = mostCommon(routers.map((router) => router.entryPoints.join(',')));
  const found: Record<string, unknown> = {};
  if (resolver?.value !== undefined)
    found['certResolver'] = guesses.note(
      'traefik.certResolver',
      resolver.value,
      `${resolver.count} of ${routers.length} routers`,
      path,
    );
  if (entryPoints && entryPoints.value !== '')
    found['entryPoints'] = guesses.note(
      'traefik.entryPoints',
      entryPoints.value.split(','),
      `${entryPoints.count} of ${routers.length} routers`,
      path,
    );
  return found;
}

/** A second domain under which several services answer as well, by routers that are called after their first ones. */
function detectTwin(file: TraefikFile, domain: string, guesses: Guesses): Record<string, unknown> | undefined {
  const pairs = file.routers.flatMap((router) =>
    router.targets.flatMap(({ host, path }) => {
      const label = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : undefined;
      if (label === undefined || path !== undefined) return [];
      return file.routers.flatMap((twin) => {
        const other = twin.targets.find((one) => one.host.startsWith(`${label}.`) && one.host !== host);
        const named = twin.name.startsWith(router.name) && twin.name !== router.name;
        if (!other || !named || twin.service !== router.service) return [];
        return [{ domain: other.host.slice(label.length + 1), twin, suffix: twin.name.slice(router.name.length) }];
      });
    }),
  );
  const second = mostCommon(pairs.map((pair) => pair.domain));
  if (!second || second.count < 2) return undefined;
  const twins = pairs.filter((pair) => pair.domain === second.value);
  const resolver = mostCommon(twins.map((pair) => asText(pair.twin.tls?.['certResolver'])))?.value;
  const twin = {
    domain: second.value,
    ...(resolver === undefined ? {} : { certResolver: resolver }),
    routerSuffix: mostCommon(twins.map((pair) => pair.suffix))?.value ?? '-dev',
  };
  return guesses.note('traefik.twin', twin, `${second.count} services answer under it as well`, file.path);
}

/** How transports are called after the services that use them. */
function detectTransports(file: TraefikFile, serviceSuffix: string, guesses: Guesses): Record<string, unknown> {
  const suffix = mostCommon(
    file.services.flatMap(({ name, serversTransport }) => {
      const base = serviceSuffix !== '' && name.endsWith(serviceSuffix) ? name.slice(0, -serviceSuffix.length) : name;
      return serversTransport?.startsWith(base) === true ? [serversTransport.slice(base.length)] : [];
    }),
  );
  if (!suffix || suffix.value === '') return {};
  guesses.note('traefik.transportSuffix', suffix.value, `${suffix.count} services name their transport so`, file.path);
  return { transportSuffix: suffix.value };
}

function detectBackend(file: TraefikFile, guesses: Guesses): Record<string, unknown> {
  const hosts = file.services
    .flatMap((service) => service.urls)
    .flatMap((url) => /^\w+:\/\/([^/:]+)/.exec(url)?.[1] ?? []);
  const common = mostCommon(hosts);
  if (!common) return {};
  // One name for many services is the machine; each by its own name are containers.
  const docker =
    /^host\.docker\.internal$|^172\.1\d\.0\.1$/.test(common.value) ||
    (common.count > 2 && common.count * 2 > common.of);
  guesses.note(
    'traefik.backend',
    docker ? 'docker-host' : 'container',
    docker
      ? `${common.count} of ${common.of} backends are at ${common.value}`
      : 'backends are reached by their own names',
    file.path,
  );
  return docker ? { backend: 'docker-host', dockerHost: common.value } : { backend: 'container' };
}

function detectMiddlewares(file: TraefikFile, guesses: Guesses): Record<string, string[]> {
  const all = file.middlewareFields;
  const asks = (name: string): boolean => asksForSignIn(all, name);
  const uses = (router: TraefikRouter) => router.middlewares.filter((name) => name in all);
  const guarded = mostCommon(file.routers.flatMap((router) => uses(router).filter((name) => asks(name))));
  const lists = file.routers.filter((router) => uses(router).length > 0 && !uses(router).some((name) => asks(name)));
  const open = mostCommon(lists.map((router) => uses(router).join(',')));
  const found: Record<string, string[]> = {};
  if (guarded)
    found['forwardAuth'] =
      guesses.note(
        'traefik.middlewares.forwardAuth',
        [guarded.value],
        `leads to a forwardAuth and is used by ${guarded.count} routers`,
        file.path,
      ) ?? [];
  if (open && open.count > 1) {
    const names = open.value.split(',');
    guesses.note(
      'traefik.middlewares.public',
      names,
      `used by ${open.count} of the ${lists.length} routers that ask nobody to sign in`,
      file.path,
    );
    found['public'] = names;
    found['ownOauth'] = names;
  }
  const streaming = Object.keys(all).filter((name) => isForStreams(all[name]));
  if (streaming.length > 0)
    found['sse'] = guesses.note('traefik.middlewares.sse', streaming, 'keeps proxies from buffering', file.path) ?? [];
  return found;
}

/** `X-Accel-Buffering: no` in the answer, and nothing about authentication. */
function isForStreams(middleware: unknown): boolean {
  const headers = asRecord(asRecord(asRecord(middleware)?.['headers'])?.['customResponseHeaders']) ?? {};
  return Object.entries(headers).some(([name, value]) => /^x-accel-buffering$/i.test(name) && value === 'no');
}
