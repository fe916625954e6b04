/** Guesses about Traefik: its dynamic file, the middlewares by access posture, how backends are reached and called, the platform's domain. */
import { readYaml } from '../observe/read-yaml';
import { readTraefikFile, type TraefikFile, type TraefikRouter } from '../observe/traefik-file';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import { isInUse, mostCommon, type Guesses } from './guess';

export interface TraefikGuess {
  traefik?: Record<string, unknown>;
  domain?: string;
}

export function detectTraefik(tree: Tree, guesses: Guesses): TraefikGuess {
  const [file] = tree.paths
    .filter((path) => /\.ya?ml$/i.test(path) && isInUse(path) && /^[ \t]+routers:/m.test(tree.read(path) ?? ''))
    .flatMap((path) => {
      const yaml = readYaml(tree, path);
      return yaml ? [{ yaml, read: readTraefikFile(yaml) }] : [];
    })
    .sort((a, b) => b.read.routers.length - a.read.routers.length);
  if (!file || file.read.routers.length === 0) return {};
  const { path, routers, services } = file.read;
  guesses.note('traefik.dynamic', path, `${routers.length} routers and ${services.length} services`, path);
  const http = asRecord(asRecord(file.yaml.toJs())?.['http']) ?? {};
  const domain = mostCommon(
    routers.flatMap((router) =>
      router.targets.map((target) => target.host.split('.').slice(1).join('.')).filter((rest) => rest.includes('.')),
    ),
  );
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
      path,
    );
  const resolver = mostCommon(routers.map((router) => asText(router.tls?.['certResolver'])));
  const entryPoints = mostCommon(routers.map((router) => router.entryPoints.join(',')));
  if (resolver?.value !== undefined)
    guesses.note('traefik.certResolver', resolver.value, `${resolver.count} of ${routers.length} routers`, path);
  if (entryPoints && entryPoints.value !== '')
    guesses.note(
      'traefik.entryPoints',
      entryPoints.value.split(','),
      `${entryPoints.count} of ${routers.length} routers`,
      path,
    );
  return {
    traefik: {
      dynamic: path,
      middlewares: detectMiddlewares(file.read, http, guesses),
      ...detectBackend(file.read, guesses),
      ...(suffix ? { serviceSuffix: suffix.value } : {}),
      ...(resolver?.value === undefined ? {} : { certResolver: resolver.value }),
      ...(entryPoints && entryPoints.value !== '' ? { entryPoints: entryPoints.value.split(',') } : {}),
    },
    ...(domain
      ? {
          domain:
            guesses.note('platform.domain', domain.value, `${domain.count} of ${domain.of} hosts end so`, path) ??
            domain.value,
        }
      : {}),
  };
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

function detectMiddlewares(
  file: TraefikFile,
  http: Record<string, unknown>,
  guesses: Guesses,
): Record<string, string[]> {
  const all = asRecord(http['middlewares']) ?? {};
  const asks = (name: string, seen = new Set<string>()): boolean => {
    if (seen.has(name)) return false;
    seen.add(name);
    const middleware = asRecord(all[name]);
    const chain = asList(asRecord(middleware?.['chain'])?.['middlewares']) ?? [];
    return middleware?.['forwardAuth'] !== undefined || chain.some((one) => asks(asText(one) ?? '', seen));
  };
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
  return found;
}
