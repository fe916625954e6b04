/** What of a service is not in the registry yet, and what stands there that says otherwise: other numbers, another host, somebody else's host. */
import { formatPortRange, type PortRange } from '@/lib/services/port-range';
import { readRegistryFile, type RegistryDomain, type RegistryPort } from '../../observe/registry-file';
import type { Conflict, EmitContext, ResolvedPort } from '../../types';
import { lineAt, type YamlPath } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { isOwnName } from '../taken-ports';
import type { ListedPort } from './fields';

export interface Missing {
  port: ResolvedPort;
  index: number;
}

/** The ports that no entry has for this service yet, neither in the list nor in a group. */
export function missingPorts(
  context: EmitContext,
  yaml: ParsedYaml,
  listed: readonly (ListedPort | undefined)[],
): Missing[] {
  const { manifest, profile } = context;
  const grouped = readRegistryFile(yaml).ports.filter(
    (port) => port.grouped && isOwnName(port.service, manifest, profile),
  );
  return manifest.ports
    .map((port, index) => ({ port, index }))
    .filter(({ port }) => {
      const { external } = port;
      if (listed.some((one) => one && isOwnName(one.service, manifest, profile) && isIdentical(one, port)))
        return false;
      return external === 'none' || !grouped.some((one) => one.protocol === port.protocol && same(one.range, external));
    });
}

function isIdentical(listed: ListedPort, port: ResolvedPort): boolean {
  const outside = port.external === 'none' ? undefined : port.external;
  if ((listed.protocol ?? 'tcp') !== port.protocol || !same(listed.external, outside)) return false;
  return listed.internal === undefined ? outside !== undefined : same(listed.internal, port.internal);
}

function same(a: PortRange | undefined, b: PortRange | undefined): boolean {
  return a?.from === b?.from && a?.to === b?.to;
}

/** Entries of this very service that say something else than the spec: two truths about one service are nobody's wish. */
export function otherNumbers(
  context: EmitContext,
  yaml: ParsedYaml,
  path: YamlPath,
  listed: readonly (ListedPort | undefined)[],
  missing: readonly Missing[],
): Conflict[] {
  const { manifest, profile } = context;
  const others = listed.filter(
    (one) =>
      one !== undefined &&
      isOwnName(one.service, manifest, profile) &&
      !manifest.ports.some((port) => isIdentical(one, port)),
  );
  const conflicts: Conflict[] = [];
  for (const { port, index } of missing) {
    const other =
      others.find((one) => one?.portName === port.name) ??
      others.find((one) => one && (same(one.internal, port.internal) || same(one.external, rangeOf(port)))) ??
      others.find((one) => one && one.portName === undefined && (one.protocol ?? 'tcp') === port.protocol);
    if (!other) continue;
    others.splice(others.indexOf(other), 1);
    const line = lineAt(yaml, [...path, other.index]);
    conflicts.push({
      kind: 'port',
      field: `ports.${index}.external`,
      path: yaml.path,
      line,
      owner: other.service,
      message: `${manifest.name} is registered with ${describe(other)} (${yaml.path}:${line}), and the spec says ${describe({ external: rangeOf(port), internal: port.internal })}. Use the registered numbers, or change the registry first.`,
    });
  }
  return conflicts;
}

function rangeOf(port: ResolvedPort): PortRange | undefined {
  return port.external === 'none' ? undefined : port.external;
}

function describe(port: { external?: PortRange | undefined; internal?: PortRange | undefined }): string {
  const inside = port.internal ? ` to ${formatPortRange(port.internal)}` : '';
  return port.external ? `${formatPortRange(port.external)}${inside}` : `no published port${inside}`;
}

/** Whether a group has an entry for the service: by its name, by its host, or because the entry with its host has one of its ports. */
export function hasGroupEntry(context: EmitContext, yaml: ParsedYaml): boolean {
  const { manifest, profile } = context;
  const file = readRegistryFile(yaml);
  return (
    file.ports.some((port) => port.grouped && isOwnName(port.service, manifest, profile)) ||
    file.domains.some(
      (one) =>
        isOwnName(one.service, manifest, profile) ||
        (one.domain === manifest.routing?.host && holdsOwnPort(context, file.ports, one.service)),
    )
  );
}

/** What the groups say otherwise of this service: another port where it is reached, another host. */
export function otherGroupEntry(context: EmitContext, yaml: ParsedYaml): Conflict[] {
  const { manifest, profile } = context;
  const file = readRegistryFile(yaml);
  const own = file.ports.filter((port) => port.grouped && isOwnName(port.service, manifest, profile));
  const wanted = manifest.ports.flatMap((port) => (port.external === 'none' ? [] : [port.external]));
  // A port that the entry leaves out is no quarrel; one that it has instead of another is.
  const lacks = wanted.some((range) => !own.some((port) => same(port.range, range)));
  const different = lacks ? own.find((port) => !wanted.some((range) => same(range, port.range))) : undefined;
  const domains = file.domains.filter((one) => isOwnName(one.service, manifest, profile));
  const host = manifest.routing?.host;
  const [domain] = domains;
  return [
    ...(different
      ? [
          {
            kind: 'port' as const,
            field: `ports.${Math.max(
              0,
              manifest.ports.findIndex((port) => port.name === different.portName),
            )}.external`,
            path: yaml.path,
            line: different.line,
            owner: different.service,
            message: `${different.service} is registered with ${formatPortRange(different.range)} in ${different.section} (${yaml.path}:${different.line}), and the spec says ${wanted.map(formatPortRange).join(', ') || 'no published port'}. Use the registered number, or change the registry first.`,
          },
        ]
      : []),
    ...(domain && host !== undefined && !domains.some((one) => one.domain === host)
      ? [
          {
            kind: 'host' as const,
            field: 'routing.host',
            path: yaml.path,
            line: domain.line,
            owner: domain.service,
            message: `${domain.service} is registered with the host ${domain.domain} (${yaml.path}:${domain.line}), and the spec says ${host}. Use the registered host, or change the registry first.`,
          },
        ]
      : []),
  ];
}

/** Hosts that the registry gives to another service: two entries with one host are an old fault that nobody should add to. */
export function claimedHosts(context: EmitContext, yaml: ParsedYaml): Conflict[] {
  const { routing } = context.manifest;
  // Below a path the host may well be somebody else's.
  if (!routing || routing.path !== undefined) return [];
  return [routing.host, ...routing.aliases].flatMap((host, index): Conflict[] => {
    const claim = claimOf(context, yaml, host);
    if (!claim) return [];
    return [
      {
        kind: 'host',
        field: index === 0 ? 'routing.host' : `routing.aliases.${index - 1}`,
        path: yaml.path,
        line: claim.line,
        owner: claim.service,
        message: `${host} is registered for ${claim.service} of ${claim.group} (${yaml.path}:${claim.line}). Choose another host, or change the registry first.`,
      },
    ];
  });
}

/** Whether the service answers below a path of a host that is registered for another one: the entry with the host is not its own. */
export function sharesHost(context: EmitContext, yaml: ParsedYaml): boolean {
  const { routing } = context.manifest;
  return routing?.path !== undefined && claimOf(context, yaml, routing.host) !== undefined;
}

function claimOf(context: EmitContext, yaml: ParsedYaml, host: string): RegistryDomain | undefined {
  const file = readRegistryFile(yaml);
  return file.domains.find(
    (one) =>
      one.domain === host &&
      !isOwnName(one.service, context.manifest, context.profile) &&
      !holdsOwnPort(context, file.ports, one.service),
  );
}

/** Whether an entry of a group has a port that the list gives to this service: one entry may stand for several services of a product. */
function holdsOwnPort({ manifest, profile }: EmitContext, ports: readonly RegistryPort[], service: string): boolean {
  const listed = ports.filter((port) => !port.grouped && isOwnName(port.service, manifest, profile));
  return ports.some(
    (port) => port.grouped && port.service === service && listed.some((one) => same(one.range, port.range)),
  );
}
