/** How the containers of one Compose file say their routes in labels: which labels, in which order, how routers and services are called. */
import { mostCommon } from '../../detect/guess';
import type { ComposeService } from '../../observe/compose-file';

/** A Compose service as far as its labels tell how routes are written. */
export type LabelledSibling = Pick<ComposeService, 'labels' | 'networks'> &
  Partial<Pick<ComposeService, 'name' | 'containerName'>>;

export interface LabelHouse {
  enable: boolean;
  /** The label that names the network, and the network: `traefik.docker.network`, in a swarm `traefik.swarm.network`. */
  network: { label: string; value: string } | undefined;
  entryPoints: string | undefined;
  certResolver: string | undefined;
  tls: boolean;
  /** The provider that most middlewares are named with: `file` in `protected@file`. */
  provider: string | undefined;
  /** What routers and services are called behind the service's name (`-rtr`, `-svc`); undefined where there is no custom. */
  routerSuffix: string | undefined;
  serviceSuffix: string | undefined;
  /** Whether routers name their service. */
  namesService: boolean;
  /** A word as the siblings spell it: Traefik reads `certresolver` and `certResolver` alike. */
  spelled(word: string): string;
  /** Labels in the siblings' order. */
  order(labels: readonly [string, string][]): [string, string][];
}

/** The router that stands for a sibling: where it has several, one with TLS and not the one that only redirects. */
interface MainRouter {
  base: string;
  name: string;
  /** Its labels by what stands behind its name, in lower case: `tls.certresolver`. */
  fields: ReadonlyMap<string, string>;
  service: string | undefined;
}

/** Learns from those that have labels for Traefik. */
export function learnLabelHouse(siblings: readonly LabelledSibling[]): LabelHouse {
  const labelled = siblings
    .map((one) => Object.entries(one.labels).filter(([name]) => /^traefik\./i.test(name)))
    .filter((one) => one.length > 0);
  const all = labelled.flat();
  const mains = siblings.flatMap((one) => mainRouterOf(one) ?? []);
  const most = (found: readonly string[], of: number): string | undefined => {
    const common = mostCommon(found);
    return common && common.count * 2 > of ? common.value : undefined;
  };
  const field = (name: string): string[] => mains.flatMap(({ fields }) => fields.get(name) ?? []);
  const isUsual = (name: string): boolean => mains.filter(({ fields }) => fields.has(name)).length * 2 > mains.length;
  const networks = all.filter(([name]) => /^traefik\.(?:docker|swarm)\.network$/i.test(name));
  const network = most(
    networks.map(([name, value]) => `${name} ${value}`),
    labelled.length,
  )?.split(' ');
  const words = new Map(all.flatMap(([name]) => name.split('.').map((word) => [word.toLowerCase(), word])));
  return {
    // Said by most siblings; and said where there is none to ask, since Traefik may be told to expose nothing by itself.
    enable:
      labelled.length === 0 || all.filter(([name]) => /^traefik\.enable$/i.test(name)).length * 2 > labelled.length,
    network: network && { label: network[0] ?? '', value: network[1] ?? '' },
    entryPoints: most(field('entrypoints'), mains.length),
    certResolver: most(field('tls.certresolver'), mains.length),
    tls: labelled.length === 0 || isUsual('tls'),
    provider: mostCommon(
      field('middlewares')
        .flatMap((value) => value.split(','))
        .flatMap((name) => /@(\w+)$/.exec(name.trim())?.[1] ?? []),
    )?.value,
    routerSuffix: suffixOf(mains.map(({ base, name }) => ({ base, name }))),
    serviceSuffix: suffixOf(
      mains.flatMap(({ base, service }) => (service === undefined ? [] : [{ base, name: service }])),
    ),
    namesService: isUsual('service'),
    spelled: (word) => words.get(word) ?? word,
    order: (labels) =>
      inOrder(
        labels,
        labelled.map((one) => one.map(([name]) => kindOf(name))),
      ),
  };
}

function mainRouterOf({ name, containerName, labels }: LabelledSibling): MainRouter | undefined {
  const routers = new Map<string, Map<string, string>>();
  const services: string[] = [];
  for (const [label, value] of Object.entries(labels)) {
    const [, router = '', rest = ''] = /^traefik\.http\.routers\.([^.]+)\.(.+)$/i.exec(label) ?? [];
    if (router !== '')
      routers.set(router, (routers.get(router) ?? new Map<string, string>()).set(rest.toLowerCase(), value));
    const service = /^traefik\.http\.services\.([^.]+)\./i.exec(label)?.[1];
    if (service !== undefined) services.push(service);
  }
  const isSecure = ([, fields]: [string, Map<string, string>]) =>
    [...fields.keys()].some((key) => /^tls(?:\.|$)/.test(key));
  const main = [...routers].find(isSecure) ?? [...routers][0];
  if (!main) return undefined;
  const [router, fields] = main;
  // The longer name says more: the service `db` of the container `wiki-db`.
  const bases = [containerName, name].flatMap((one) => (one !== undefined && router.startsWith(one) ? [one] : []));
  const base = bases.sort((one, other) => other.length - one.length)[0] ?? '';
  // Traefik's own dashboard is behind no service of the file.
  if (fields.get('service')?.endsWith('@internal') === true) fields.delete('service');
  return { base, name: router, fields, service: fields.get('service')?.replace(/@.*$/, '') ?? services[0] };
}

/** What stands behind the base in all names, or in a clear majority of at least three. */
function suffixOf(names: readonly { base: string; name: string }[]): string | undefined {
  const common = mostCommon(
    names.flatMap(({ base, name }) => (base !== '' && name.startsWith(base) ? [name.slice(base.length)] : [])),
  );
  if (!common || !/^(?:[-_][\w-]+)?$/.test(common.value)) return undefined;
  const isClear =
    common.count > 1 && (common.count === names.length || (common.count > 2 && common.count * 2 > names.length));
  return isClear ? common.value : undefined;
}

/** What a label is about, without the names in it. */
function kindOf(label: string): string {
  const route = /^traefik\.http\.(routers|services)\.[^.]+\.(.+)$/i.exec(label);
  if (!route) return label.toLowerCase().replace(/\.(?:docker|swarm)\./, '.');
  return route[1]?.toLowerCase() === 'services' ? 'service' : `router.${(route[2] ?? '').toLowerCase()}`;
}

/** In the order of the sibling that has most of the kinds; what it lacks stays behind what comes before it here. */
function inOrder(labels: readonly [string, string][], siblings: readonly (readonly string[])[]): [string, string][] {
  const kinds = [...new Set(labels.map(([name]) => kindOf(name)))];
  const shared = (one: readonly string[]): number => kinds.filter((kind) => one.includes(kind)).length;
  const model = siblings.reduce<readonly string[]>((best, one) => (shared(one) > shared(best) ? one : best), []);
  const order = [...new Set(model.filter((kind) => kinds.includes(kind)))];
  kinds.forEach((kind, index) => {
    if (!order.includes(kind)) order.splice(index === 0 ? 0 : order.indexOf(kinds[index - 1] ?? '') + 1, 0, kind);
  });
  return order.flatMap((kind) => labels.filter(([name]) => kindOf(name) === kind));
}
