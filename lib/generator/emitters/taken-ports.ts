/** Ports of a new service that somebody else has already, as the repository's files say. */
import { formatPortRange, overlaps } from '@/lib/services/port-range';
import { observePorts } from '../observe/ports';
import type { Profile } from '../profile';
import type { Conflict, EmitContext } from '../types';

/** What a service may be called by: its name, and its workload's short one. */
export type ServiceNames = string | { readonly name: string; readonly workload?: string | undefined };

/** Whether a name seen in a file is this service's: as it stands or in short, with the container prefix, with Traefik's suffix, with underscores. */
export function isOwnName(seen: string, service: ServiceNames, profile: Profile): boolean {
  const plain = seen.replaceAll('_', '-');
  const names = typeof service === 'string' ? [service] : [service.name, service.workload ?? service.name];
  return names.some(
    (name) =>
      plain === name ||
      plain === `${profile.naming.containerPrefix}${name}` ||
      plain === `${name}${profile.traefik?.serviceSuffix ?? ''}`,
  );
}

/**
 * The conflicts of the service's published ports, one per port and owner, told where the owner is seen first: registry, Compose, Traefik.
 * @param concerned whether the port at this index is to be looked at; what is registered for this service already is nobody's conflict.
 */
export function takenPorts(context: EmitContext, concerned: (index: number) => boolean): Conflict[] {
  const { manifest, profile, tree } = context;
  const others = observePorts(tree, profile).filter((port) => !isOwnName(port.service, manifest, profile));
  const conflicts = new Map<string, Conflict>();
  manifest.ports.forEach((port, index) => {
    const range = port.external;
    if (range === 'none' || !concerned(index)) return;
    for (const other of others) {
      const key = `${index} ${other.service}`;
      if (other.protocol !== port.protocol || !overlaps(other.range, range) || conflicts.has(key)) continue;
      const place = { path: other.path, ...(other.line === undefined ? {} : { line: other.line }) };
      const where = `${other.path}${other.line === undefined ? '' : `:${other.line}`}`;
      conflicts.set(key, {
        kind: 'port',
        field: `ports.${index}.external`,
        ...place,
        owner: other.service,
        message: `${formatPortRange(range)}/${port.protocol} is taken: ${other.service} has ${formatPortRange(other.range)} (${where}). Choose another port, or \`auto\` for the next free one.`,
      });
    }
  });
  return [...conflicts.values()];
}
