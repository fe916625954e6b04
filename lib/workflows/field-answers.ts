/**
 * What is said below the wizard's fields and in 'Checked as you typed': what was found out, who has it, and the ways out. Pure: it is given what
 * the repository shows and what the database holds.
 */
import type { Conflict, PortObservation, ResolvedManifest } from '@/lib/generator/types';
import type { TakenPort } from '@/lib/ports/queries';
import { type Manifest } from '@/lib/services/manifest';
import { formatPortRange, overlaps, portWarnings, type PortRange } from '@/lib/services/port-range';
import type { Compared, FieldAnswer } from '@/lib/wizard/preview';
import type { NameHolder } from './name-holder';

export interface KnownHolders {
  /** The request or the service that has the name, where somebody has. */
  name: NameHolder | undefined;
  /** By host: the open request that claims it. */
  hosts: ReadonlyMap<string, { label: string; href: string }>;
  observations: readonly PortObservation[];
  taken: readonly TakenPort[];
  pool: { name: string; from: number; to: number; nextFree: number | undefined } | undefined;
  /** The machine that publishes the ports. */
  host: string;
  /** Names of services that have a page in the catalog. */
  services: ReadonlySet<string>;
  /** Of a change: how the service stands now. */
  before: ResolvedManifest | undefined;
}

/** One answer for each field that has one, the gravest first. @param conflicts of resolution and plan, with paths as in `manifest`. */
export function answerFields(
  manifest: Manifest,
  resolved: ResolvedManifest,
  conflicts: readonly Conflict[],
  known: KnownHolders,
): FieldAnswer[] {
  const answers = new Map<string, FieldAnswer>();
  const say = (answer: FieldAnswer) => {
    if (!answers.has(answer.path)) answers.set(answer.path, answer);
  };
  if (known.name) {
    const { message, owner } = known.name;
    say({ path: 'name', status: 'taken', message, owner });
  }
  portsInRequests(manifest, known).forEach(say);
  hostsInRequests(manifest, known).forEach(say);
  for (const conflict of conflicts) {
    say({
      path: conflict.field,
      status: 'taken',
      message: conflict.message,
      ...ownerOf(conflict, known.services),
      ...(conflict.kind === 'port' ? { fixes: portFixes(known) } : {}),
    });
  }
  if (!known.before)
    say({ path: 'name', status: 'ok', message: `No service, container or open request is called ${manifest.name}.` });
  if (manifest.routing) say({ path: 'routing.host', status: 'ok', message: goodHost(manifest.routing.host, known) });
  manifest.ports.forEach((port, index) => {
    const path = `ports.${index}.external`;
    const external = resolved.ports[index]?.external;
    if (external !== undefined && !answers.has(path)) say(goodPort(path, manifest, index, external, known));
  });
  return [...answers.values()];
}

function ownerOf(conflict: Conflict, services: ReadonlySet<string>): Pick<FieldAnswer, 'owner'> {
  const { owner } = conflict;
  if (owner === undefined) return {};
  return services.has(owner) ? { owner: { label: owner, href: `/services/${encodeURIComponent(owner)}` } } : {};
}

function portFixes({ pool }: KnownHolders): FieldAnswer['fixes'] {
  const free = pool?.nextFree;
  return [
    ...(pool ? [{ label: 'Use the next free one', value: 'auto' }] : []),
    ...(free === undefined ? [] : [{ label: `Use ${free}`, value: String(free) }]),
    { label: 'Publish nothing', value: 'none' },
  ];
}

function portsInRequests(manifest: Manifest, known: KnownHolders): FieldAnswer[] {
  return manifest.ports.flatMap((port, index) => {
    const { external } = port;
    if (typeof external === 'string') return [];
    const holder = known.taken.find(
      (one) => one.service !== manifest.name && one.protocol === port.protocol && overlaps(one.range, external),
    );
    if (!holder?.requestId) return [];
    const label = `request ${holder.requestId}`;
    const until = holder.leaseUntil ? `, until ${holder.leaseUntil.toISOString().slice(0, 10)}` : '';
    const which = formatPortRange(holder.range);
    const message = `${which} is ${holder.state === 'active' ? 'in use' : holder.state} by ${holder.service}, ${label}${until}.`;
    return [
      {
        path: `ports.${index}.external`,
        status: 'taken',
        message,
        owner: { label, href: `/requests/${holder.requestId}` },
        fixes: portFixes(known),
      },
    ];
  });
}

function hostsInRequests(manifest: Manifest, known: KnownHolders): FieldAnswer[] {
  if (!manifest.routing) return [];
  const { host, aliases } = manifest.routing;
  return [host, ...aliases].flatMap((name, index) => {
    const holder = known.hosts.get(name);
    if (!holder) return [];
    const path = index === 0 ? 'routing.host' : `routing.aliases.${index - 1}`;
    return [{ path, status: 'taken' as const, message: `${name} belongs to ${holder.label}.`, owner: holder }];
  });
}

function goodHost(host: string, { before }: KnownHolders): string {
  const now = before?.routing?.host;
  if (host === now) return 'Its host now.';
  const free = `No router and no open request has ${host}.`;
  return now === undefined ? free : `${free} ${now} is given back when main has the new one.`;
}

function goodPort(
  path: string,
  manifest: Manifest,
  index: number,
  external: PortRange | 'none',
  known: KnownHolders,
): FieldAnswer {
  const port = manifest.ports[index];
  if (external === 'none' || !port) {
    return { path, status: 'ok', message: 'Nothing is published; it is reached inside the network.' };
  }
  const text = formatPortRange(external);
  const { pool, host } = known;
  const own = known.before?.ports.some(
    (one) => one.protocol === port.protocol && one.external !== 'none' && formatPortRange(one.external) === text,
  );
  if (own) return { path, status: 'ok', message: `${text} is its own already.` };
  const [warning] = portWarnings(external);
  if (warning !== undefined) return { path, status: 'warn', message: `${text} is free, but ${warning}.` };
  if (port.external === 'auto' && pool) {
    const routed =
      manifest.routing &&
      (manifest.routing.port ?? manifest.ports.find(({ protocol }) => protocol === 'tcp')?.name) === port.name;
    const route = routed ? ` Traefik will send ${manifest.routing?.host} to it.` : '';
    return {
      path,
      status: 'ok',
      message: `${text} ${external.from === external.to ? 'is the next free one' : 'are the next free ones'} in the pool.${route}`,
    };
  }
  if (pool && (external.from < pool.from || external.to > pool.to)) {
    return {
      path,
      status: 'warn',
      message: `${text} is free on ${host}, but outside of the pool ${pool.name} (${pool.from}-${pool.to}).`,
    };
  }
  const size = external.to - external.from + 1;
  return {
    path,
    status: 'ok',
    message: size === 1 ? `${text} is free on ${host}.` : `All ${size} are free on ${host}.`,
  };
}

const sources = [
  { source: 'registry', what: 'Port registry', unit: ['entry', 'entries'] },
  { source: 'compose', what: 'Published in Compose', unit: ['port', 'ports'] },
  { source: 'traefik', what: 'Traefik backends', unit: ['backend', 'backends'] },
] as const;

/** What the wanted ports were compared with. @param seenAt the base as people name it: `main 4f2c91e`. */
export function compareSources(resolved: ResolvedManifest, known: KnownHolders, seenAt: string): Compared[] {
  const wanted = resolved.ports.flatMap(({ protocol, external }) =>
    external === 'none' ? [] : [{ protocol, range: external }],
  );
  const hits = <Holder extends { service: string; protocol: string; range: PortRange }>(holders: readonly Holder[]) =>
    holders.filter(
      ({ service, protocol, range }) =>
        service !== resolved.name && wanted.some((one) => one.protocol === protocol && overlaps(one.range, range)),
    );
  const rows = sources.map(({ source, what, unit }): Compared => {
    const all = known.observations.filter((observation) => observation.source === source);
    const [first] = hits(all);
    const files = new Set(all.map(({ path }) => path)).size;
    const count = `${all.length} ${all.length === 1 ? unit[0] : unit[1]}${files > 1 ? ` in ${files} files` : ''}`;
    return {
      what,
      found: first
        ? `${formatPortRange(first.range)} is ${first.service}’s, ${first.path}${first.line ? `:${first.line}` : ''}`
        : `${count}, none of these`,
      status: first ? 'taken' : 'ok',
      source: seenAt,
    };
  });
  const open = known.taken.filter(({ state }) => state !== 'active');
  const [first] = hits(open);
  const requests = new Set(open.map(({ requestId }) => requestId)).size;
  rows.splice(1, 0, {
    what: 'Open requests',
    found: first
      ? `${formatPortRange(first.range)} is ${first.state} by ${first.service}`
      : `${open.length} ${open.length === 1 ? 'reservation' : 'reservations'}, none of these`,
    status: first ? 'taken' : 'ok',
    source: `${requests} open`,
  });
  return rows;
}
