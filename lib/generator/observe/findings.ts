/** Old faults that the owner of the files should know of. None stands in the way of an addition. */
import { formatPortRange, overlaps } from '@/lib/services/port-range';
import type { Profile } from '../profile';
import type { Finding, PortObservation, Tree } from '../types';
import { listComposeFiles } from './compose-files';
import { sameOwner } from './kinship';
import { oncePerTree } from './once-per-tree';
import { listPools, observePorts } from './ports';
import { readYaml, unreadable } from './read-yaml';
import { readRegistryFile, type RegistryFile, type RegistryPool, type RegistryPort } from './registry-file';
import { dynamicPaths, mergeTraefikFiles, readTraefikFiles } from './traefik-file';

/**
 * What is wrong or out of date in the files that a plan reads: files that cannot be read, a port registered twice or outside its group's
 * range, ranges that overlap, stale hints, a domain that two claim, ports that are published and not registered. Never throws.
 */
export const observeFindings = oncePerTree((tree, profile): readonly Finding[] => {
  const registry = readYaml(tree, profile.ports?.registry);
  const file = registry ? readRegistryFile(registry) : undefined;
  return [
    ...unreadableFiles(tree, profile),
    ...(file
      ? [
          ...duplicatePorts(file),
          ...portsOutsideTheirRange(file),
          ...overlappingRanges(file),
          ...staleHints(tree, profile, file),
          ...sharedDomains(file),
          ...unregisteredPorts(tree, profile, file),
        ]
      : []),
    ...portsPublishedTwice(tree, profile),
    ...undefinedNames(tree, profile),
  ];
});

function unreadableFiles(tree: Tree, profile: Profile): Finding[] {
  const paths = new Set(listComposeFiles(tree, profile).map((place) => place.path));
  if (profile.ports?.registry !== undefined) paths.add(profile.ports.registry);
  for (const path of dynamicPaths(tree, profile)) paths.add(path);
  return [...paths].flatMap((path) => unreadable(tree, path) ?? []);
}

/** One finding per number: the first two that have it. */
function duplicatePorts(file: RegistryFile): Finding[] {
  const told = new Set<string>();
  // A service nested in a group's entry and that entry are one owner, wherever else either of them stands.
  const nested = new Set(
    file.ports.flatMap(({ parent, service }) => (parent === undefined ? [] : [`${parent} ${service}`])),
  );
  const clashes = (a: RegistryPort, b: RegistryPort): boolean =>
    a.protocol === b.protocol &&
    overlaps(a.range, b.range) &&
    !sameOwner(a.service, b.service) &&
    !nested.has(`${a.service} ${b.service}`) &&
    !nested.has(`${b.service} ${a.service}`);
  return file.ports.flatMap((port, index): Finding[] => {
    const other = file.ports.slice(0, index).find((earlier) => clashes(earlier, port));
    if (!other || told.has(say(port))) return [];
    told.add(say(port));
    const message = `${port.service} has ${say(port)}, and so has ${other.service} (line ${other.line}).`;
    const subject = `${say(port)} ${port.service} ${other.service}`;
    return [{ kind: 'duplicate-port', path: file.path, line: port.line, subject, message }];
  });
}

/**
 * A group's own ranges are those whose name starts with the group's: `work` has `work_api` and `work_workers`. Only a group that keeps to
 * its ranges for the most part is taken at its word.
 */
function portsOutsideTheirRange(file: RegistryFile): Finding[] {
  const grouped = file.ports.filter((port) => port.grouped);
  const inside = (port: RegistryPort): RegistryPool | undefined =>
    file.pools.find((pool) => pool.from <= port.range.from && port.range.to <= pool.to);
  const belongs = (pool: RegistryPool | undefined, section: string): boolean =>
    pool !== undefined && (pool.name === section || pool.name.startsWith(`${section}_`));
  const strict = [...new Set(grouped.map((port) => port.section))].filter((section) => {
    const own = grouped.filter((port) => port.section === section);
    return own.filter((port) => belongs(inside(port), section)).length * 2 > own.length;
  });
  return grouped.flatMap((port): Finding[] => {
    const pool = inside(port);
    if (belongs(pool, port.section)) return [];
    const own = file.pools.filter((one) => strict.includes(port.section) && belongs(one, port.section));
    const host = strict.find((section) => belongs(pool, section));
    const where = [
      ...(own.length > 0 ? [`outside ${own.map((one) => `${one.name} (${one.from}-${one.to})`).join(' and ')}`] : []),
      ...(host !== undefined && pool ? [`inside ${pool.name} (${pool.from}-${pool.to}), which is for ${host}`] : []),
    ];
    if (where.length === 0) return [];
    const message = `${port.service} of ${port.section} has ${say(port)}, ${where.join(' and ')}.`;
    const subject = `${say(port)} ${port.service} ${port.section}`;
    return [{ kind: 'port-outside-range', path: file.path, line: port.line, subject, message }];
  });
}

function overlappingRanges(file: RegistryFile): Finding[] {
  return file.pools.flatMap((pool, index) =>
    file.pools
      .slice(0, index)
      .filter((other) => overlaps(other, pool))
      .map((other) => ({
        kind: 'overlapping-ranges',
        path: file.path,
        line: pool.line,
        subject: `${other.name} ${pool.name}`,
        message: `The ranges ${other.name} (${other.from}-${other.to}) and ${pool.name} (${pool.from}-${pool.to}) overlap.`,
      })),
  );
}

function staleHints(tree: Tree, profile: Profile, file: RegistryFile): Finding[] {
  const ports = observePorts(tree, profile);
  const pools = new Map(listPools(tree, profile).map((pool) => [pool.name, pool]));
  return file.hints.flatMap((hint): Finding[] => {
    const range = { from: hint.port, to: hint.port };
    const owner = ports.find((port) => overlaps(port.range, range));
    const pool = pools.get(hint.pool);
    const wrong = owner
      ? `${owner.service} has it (${owner.path}:${owner.line ?? 1})`
      : pool && !overlaps(pool, range)
        ? `it is outside the range ${pool.from}-${pool.to}`
        : undefined;
    if (wrong === undefined) return [];
    const message = `The hint says that ${hint.port} is the next free port of ${hint.pool}, but ${wrong}. Left as it is.`;
    return [{ kind: 'stale-hint', path: file.path, line: hint.line, subject: `${hint.pool} ${hint.port}`, message }];
  });
}

function sharedDomains(file: RegistryFile): Finding[] {
  return file.domains.flatMap((claim, index) => {
    const other = file.domains.slice(0, index).find((one) => one.domain === claim.domain);
    if (!other || (other.service === claim.service && other.group === claim.group)) return [];
    return {
      kind: 'shared-domain',
      path: file.path,
      line: claim.line,
      subject: `${claim.domain} ${claim.service} ${other.service}`,
      message: `${claim.service} (${claim.group}) claims ${claim.domain}, and so does ${other.service} (${other.group}, line ${other.line}).`,
    };
  });
}

function unregisteredPorts(tree: Tree, profile: Profile, file: RegistryFile): Finding[] {
  const seen = new Set<string>();
  return observePorts(tree, profile)
    .filter((port) => port.source === 'compose')
    .flatMap((port): Finding[] => {
      const key = `${port.service} ${formatPortRange(port.range)} ${port.protocol}`;
      if (seen.has(key) || covered(port, file)) return [];
      seen.add(key);
      const { path, line } = port;
      const message = `${port.service} publishes ${say(port)}, which ${file.path} does not list.`;
      return [{ kind: 'unregistered-port', path, ...(line === undefined ? {} : { line }), subject: key, message }];
    });
}

function portsPublishedTwice(tree: Tree, profile: Profile): Finding[] {
  const published = observePorts(tree, profile).filter((port) => port.source === 'compose');
  const told = new Set<string>();
  return published.flatMap((port, index): Finding[] => {
    const other = published
      .slice(0, index)
      .find((one) => one.service !== port.service && one.protocol === port.protocol && overlaps(one.range, port.range));
    const key = other ? [other.service, port.service, say(port)].sort().join(' ') : '';
    if (!other || told.has(key)) return [];
    told.add(key);
    const message = `${port.service} publishes ${say(port)}, and so does ${other.service} (${other.path}:${other.line ?? 1}).`;
    return [
      {
        kind: 'port-published-twice',
        path: port.path,
        subject: key,
        ...(port.line === undefined ? {} : { line: port.line }),
        message,
      },
    ];
  });
}

/** Names with an `@` belong to other providers and are not ours to look up. */
function undefinedNames(tree: Tree, profile: Profile): Finding[] {
  const file = mergeTraefikFiles('', readTraefikFiles(tree, profile));
  const services = new Set(file.services.map((service) => service.name));
  const middlewares = new Set(file.middlewares);
  return file.routers.flatMap((router) =>
    [
      ...(router.service !== undefined && !router.service.includes('@') && !services.has(router.service)
        ? [`the service ${router.service}`]
        : []),
      ...router.middlewares
        .filter((name) => !name.includes('@') && !middlewares.has(name))
        .map((name) => `the middleware ${name}`),
    ].map((what) => ({
      kind: 'undefined-name',
      path: router.path,
      line: router.line,
      subject: `${router.name} ${what}`,
      message: `The router ${router.name} uses ${what}, which ${profile.traefik?.dynamic ?? router.path} does not define.`,
    })),
  );
}

/** Whether every number of a published range is listed, whoever it is listed for. A registry seldom says which protocol it means. */
function covered(port: PortObservation, file: RegistryFile): boolean {
  for (let number = port.range.from; number <= port.range.to; number++)
    if (!file.ports.some((listed) => overlaps(listed.range, { from: number, to: number }))) return false;
  return true;
}

function say(port: Pick<PortObservation, 'range' | 'protocol'>): string {
  return `${formatPortRange(port.range)}${port.protocol === 'udp' ? '/udp' : ''}`;
}
