/**
 * Decides what only the moment can decide: which number `auto` becomes, the runbook's number, the date. The CLI calls it on a checkout; the
 * portal calls it inside its transaction, under the lock that every writer of ports takes, with what the database holds.
 */
import { type Manifest, type ManifestPort } from '@/lib/services/manifest';
import { countUsedPorts, firstFreeRange, formatPortRange, overlaps, type PortRange } from '@/lib/services/port-range';
import { isOwnName, type ServiceNames } from './emitters/taken-ports';
import { listPools, observePorts, type PortPool } from './observe/ports';
import { unreadable } from './observe/read-yaml';
import { isPageOf, observeRunbooks, takenRunbookNumbers } from './observe/runbooks';
import { profilePath, type Profile } from './profile';
import type {
  Conflict,
  Finding,
  Place,
  PortClaim,
  PortObservation,
  ResolvedManifest,
  ResolvedPort,
  Tree,
} from './types';

export interface ResolveOptions {
  /** The day of the request, `YYYY-MM-DD` in UTC. */
  date: string;
  /** Ports held outside the repository, on the platform's host. Those of this very service do not stand in its way. */
  taken?: readonly PortClaim[];
  /** Runbook numbers held outside the repository by other services. */
  takenRunbooks?: readonly number[];
  /** The number that was given to this service before: it keeps it unless somebody has it in the tree by now. */
  runbookNumber?: number | undefined;
}

export interface Resolution {
  resolved: ResolvedManifest;
  /** Where not empty, `resolved` holds what could be decided, for the preview; it is not to be carried out. */
  conflicts: Conflict[];
}

/** Resolves a spec against a repository and what is held outside it. Pure: the same arguments give the same numbers. */
export function resolveFromTree(manifest: Manifest, profile: Profile, tree: Tree, options: ResolveOptions): Resolution {
  const ports = resolvePorts(manifest, profile, {
    observations: observePorts(tree, profile),
    pools: listPools(tree, profile),
    taken: options.taken ?? [],
    unreadable: unreadableRegistry(tree, profile),
  });
  const { date, runbook } = resolveRunbook(manifest, profile, tree, options);
  return {
    resolved: { ...manifest, ports: ports.ports, ...(runbook ? { runbook } : {}), date },
    conflicts: ports.conflicts,
  };
}

/** A range that somebody has, from a file or from outside. */
interface Holding {
  source: PortObservation['source'] | 'outside';
  service: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  own: boolean;
  place: Place;
  /** Where, in words. */
  where: string;
  internal?: PortRange;
  portName?: string;
}

/** Decides the ports alone; see resolveFromTree. */
export function resolvePorts(
  manifest: Pick<Manifest, 'name' | 'workload' | 'category' | 'ports'>,
  profile: Profile,
  seen: {
    observations: readonly PortObservation[];
    pools: readonly PortPool[];
    taken: readonly PortClaim[];
    /** Why the registry tells nothing, where it does not. */
    unreadable?: Finding | undefined;
  },
): { ports: ResolvedPort[]; conflicts: Conflict[] } {
  const holdings = listHoldings(manifest, profile, seen);
  const own = holdings.filter((holding) => holding.own && holding.source !== 'traefik');
  // A router only points to a port: one that points to this service's own does not have it, whatever the router is called.
  const others = holdings.filter(
    (holding) =>
      !holding.own && !(holding.source === 'traefik' && own.some((mine) => overlaps(mine.range, holding.range))),
  );
  const conflicts: Conflict[] = [];
  const chosen = new Map<number, PortRange>();

  manifest.ports.forEach((port, index) => {
    if (typeof port.external === 'string') return;
    chosen.set(index, port.external);
    conflicts.push(...portConflicts(port, index, port.external, others));
  });
  for (const [index, range] of ownRanges(manifest.ports, holdings, [...chosen.values()])) chosen.set(index, range);

  const pool = poolOf(manifest.category, profile, seen.pools);
  // Where no file publishes ports, there are none to choose from and none to need: a cluster's services have addresses.
  const publishes = profile.ports !== undefined || profile.compose !== undefined;
  manifest.ports.forEach((port, index) => {
    if (port.external !== 'auto' || chosen.has(index) || !publishes) return;
    const place = { path: profile.ports?.registry ?? profilePath };
    const field = `ports.${index}.external`;
    if (pool === undefined && seen.unreadable) {
      const { path, line, message } = seen.unreadable;
      conflicts.push({
        kind: 'port',
        field,
        path,
        ...(line === undefined ? {} : { line }),
        message: `No free port can be chosen: ${message} Mend the file, or give a number.`,
      });
      return;
    }
    if (pool === undefined) {
      conflicts.push({
        kind: 'port',
        field,
        ...place,
        message: `There is no port pool for the category ${manifest.category}. Give a number, or name a pool for the category in ${profilePath}${poolNames(seen.pools)}.`,
      });
      return;
    }
    const size = port.internal.to - port.internal.from + 1;
    const used = [...holdings.map((holding) => holding.range), ...chosen.values()];
    // Both protocols count: a number means one thing to people.
    const free = firstFreeRange(pool, size, used);
    if (free) chosen.set(index, free);
    else
      conflicts.push({
        kind: 'port',
        field,
        ...place,
        message: `Pool ${pool.name} (${pool.from}-${pool.to}) has no ${size === 1 ? 'free port' : `${size} free ports in a row`}: ${countUsedPorts(pool, used)} of ${pool.to - pool.from + 1} are taken. Choose another category, give a number outside the pool, or widen the pool.`,
      });
  });
  return {
    ports: manifest.ports.map((port, index) => ({ ...port, external: chosen.get(index) ?? 'none' })),
    conflicts,
  };
}

function poolNames(pools: readonly PortPool[]): string {
  return pools.length === 0 ? ', under ports.pools' : ` (${pools.map((pool) => pool.name).join(', ')})`;
}

function unreadableRegistry(tree: Tree, profile: Profile): Finding | undefined {
  const registry = profile.ports?.registry;
  return registry === undefined ? undefined : unreadable(tree, registry);
}

function listHoldings(
  service: Exclude<ServiceNames, string>,
  profile: Profile,
  seen: { observations: readonly PortObservation[]; taken: readonly PortClaim[] },
): Holding[] {
  const sources = { registry: 0, compose: 1, traefik: 2 };
  return [
    ...[...seen.observations]
      .sort((a, b) => sources[a.source] - sources[b.source])
      .map((one) => ({
        ...one,
        own: isOwnName(one.service, service, profile),
        place: { path: one.path, ...(one.line === undefined ? {} : { line: one.line }) },
        where: `${one.path}${one.line === undefined ? '' : `:${one.line}`}`,
      })),
    ...seen.taken.map((claim) => ({
      ...claim,
      source: 'outside' as const,
      own: claim.service === service.name,
      place: { path: profile.ports?.registry ?? profilePath },
      where: claim.heldBy ?? 'an open request',
    })),
  ];
}

/** One conflict per owner, told where it is seen first. */
function portConflicts(port: ManifestPort, index: number, range: PortRange, others: readonly Holding[]): Conflict[] {
  const conflicts = new Map<string, Conflict>();
  for (const other of others) {
    if (other.protocol !== port.protocol || !overlaps(other.range, range) || conflicts.has(other.service)) continue;
    conflicts.set(other.service, {
      kind: 'port',
      field: `ports.${index}.external`,
      ...other.place,
      owner: other.service,
      message: `${formatPortRange(range)}/${port.protocol} is taken: ${other.service} has ${formatPortRange(other.range)} (${other.where}). Choose another port, or \`auto\` for the next free one.`,
    });
  }
  return [...conflicts.values()];
}

/**
 * The numbers that this service has already, for its `auto` ports: matched by the port's name, else by the port inside the container, else in the
 * order of the file. So an identical service plans to nothing.
 */
function ownRanges(
  ports: readonly ManifestPort[],
  holdings: readonly Holding[],
  explicit: readonly PortRange[],
): Map<number, PortRange> {
  const own: Holding[] = [];
  for (const holding of holdings.filter((one) => one.own)) {
    if (explicit.some((range) => overlaps(range, holding.range))) continue;
    const same = own.find((one) => one.protocol === holding.protocol && overlaps(one.range, holding.range));
    if (!same) own.push({ ...holding });
    else {
      // The registry knows the name, Compose the port inside: put together they tell a service's ports apart.
      same.internal ??= holding.internal;
      same.portName ??= holding.portName;
    }
  }
  const found = new Map<number, PortRange>();
  const rules: ((port: ManifestPort, holding: Holding) => boolean)[] = [
    (port, holding) => holding.portName === port.name,
    (port, holding) =>
      holding.internal !== undefined && formatPortRange(holding.internal) === formatPortRange(port.internal),
    () => true,
  ];
  for (const rule of rules)
    ports.forEach((port, index) => {
      if (port.external !== 'auto' || found.has(index)) return;
      const at = own.findIndex(
        (holding) =>
          holding.protocol === port.protocol &&
          holding.range.to - holding.range.from === port.internal.to - port.internal.from &&
          rule(port, holding),
      );
      const [holding] = at < 0 ? [] : own.splice(at, 1);
      if (holding) found.set(index, holding.range);
    });
  return found;
}

/** The category's pool: named by the profile, named like the category, `default`, or the only one there is. */
export function poolOf(category: string, profile: Profile, pools: readonly PortPool[]): PortPool | undefined {
  const named = profile.categories[category]?.pool;
  const find = (name: string) => pools.find((pool) => pool.name === name);
  if (named !== undefined) return find(named);
  return find(category) ?? find('default') ?? (pools.length === 1 ? pools[0] : undefined);
}

function resolveRunbook(
  manifest: Manifest,
  profile: Profile,
  tree: Tree,
  options: ResolveOptions,
): { runbook?: { number: number }; date: string } {
  if (!manifest.docs.runbook || !profile.runbooks) return { date: options.date };
  const page = observeRunbooks(tree, profile).find((one) => isPageOf(one, manifest) && one.number !== undefined);
  if (page?.number !== undefined) return { runbook: { number: page.number }, date: page.date ?? options.date };
  // Gaps stay gaps: old links still point to what stood there.
  const inTree = takenRunbookNumbers(tree, profile);
  const { runbookNumber: given } = options;
  if (given !== undefined && !inTree.includes(given)) return { runbook: { number: given }, date: options.date };
  const highest = Math.max(0, ...inTree, ...(options.takenRunbooks ?? []));
  return { runbook: { number: highest + 1 }, date: options.date };
}

/**
 * What resolving and planning found, each once: the same field held by the same owner is one conflict, and that a port is not
 * published need not be said where it could not be decided.
 */
export function mergeConflicts(first: readonly Conflict[], second: readonly Conflict[]): Conflict[] {
  const key = (conflict: Conflict) => `${conflict.kind} ${conflict.field} ${conflict.owner ?? conflict.message}`;
  const known = new Set(first.map(key));
  const undecided = first.some((one) => one.kind === 'port' && one.owner === undefined);
  const follows = (one: Conflict) => undecided && one.kind === 'port' && one.owner === undefined;
  return [...first, ...second.filter((one) => !known.has(key(one)) && !follows(one))];
}
