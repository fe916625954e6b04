/** A service's ports as main has them, by the names that its request gives them. */
import { observePorts } from '@/lib/generator/observe/ports';
import type { PortObservation } from '@/lib/generator/types';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import type { ObservedPort } from '@/lib/ports/reserve';
import { publishedPorts, StoredResolved } from '@/lib/requests/stored';
import { formatPortRange, overlaps, type PortRange } from '@/lib/services/port-range';
import type { Repository } from './read-repository';

/** The ports of a request as main has them now: a reviewer may have changed the numbers. What main does not say is as it was planned. */
export function observedPorts(
  { tree, profile }: Pick<Repository, 'tree' | 'profile'>,
  request: Pick<ChangeRequest, 'serviceName' | 'resolved'>,
): ObservedPort[] {
  const own = observePorts(tree, profile).filter((port) => port.service === request.serviceName);
  const resolved = StoredResolved.parse(request.resolved);
  const internals = new Map(resolved.ports.map(({ name, internal }) => [name, internal]));
  return assignPorts(
    publishedPorts(resolved).map((port) => ({ ...port, internal: internals.get(port.name) })),
    own,
  );
}

/** A port as it was planned. */
export interface PlannedPort {
  name: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  internal: PortRange | undefined;
}

/**
 * Which of the ports that main gives to a service is which of those that were planned. Registry, Compose and Traefik each say it in their own way: what a file
 * calls by its name or by the port inside counts before a number alone, since two ports may have been swapped; what was planned counts as long as one file
 * says so. No port of main is two of the service's.
 */
export function assignPorts(planned: readonly PlannedPort[], own: readonly PortObservation[]): ObservedPort[] {
  const found = new Map<string, PortRange>();
  const isFree = (port: PlannedPort, range: PortRange) =>
    planned.every((other) => {
      const theirs = found.get(other.name);
      return other.protocol !== port.protocol || theirs === undefined || !overlaps(theirs, range);
    });
  const settle = (candidatesOf: (port: PlannedPort) => PortRange[]) => {
    for (const port of planned) {
      if (found.has(port.name)) continue;
      const free = candidatesOf(port).filter((range) => isFree(port, range));
      const chosen = free.find((range) => isSame(range, port.range)) ?? free[0];
      if (chosen) found.set(port.name, chosen);
    }
  };
  settle((port) =>
    sameWidth(port, own)
      .filter((one) => isCalled(one, port))
      .map(({ range }) => range),
  );
  settle((port) =>
    sameWidth(port, own)
      .map(({ range }) => range)
      .filter((range) => isSame(range, port.range)),
  );
  settle((port) => {
    const left = sameWidth(port, own)
      .map(({ range }) => range)
      .filter((range) => isFree(port, range));
    return new Set(left.map(formatPortRange)).size === 1 ? left : [];
  });
  settle((port) => [port.range]);
  return planned.flatMap(({ name, protocol }) => {
    const range = found.get(name);
    return range ? [{ portName: name, protocol, range }] : [];
  });
}

function sameWidth({ protocol, range }: PlannedPort, own: readonly PortObservation[]): PortObservation[] {
  const width = (one: PortRange) => one.to - one.from;
  return own.filter((seen) => seen.protocol === protocol && width(seen.range) === width(range));
}

function isCalled(seen: PortObservation, { name, internal }: PlannedPort): boolean {
  return (
    seen.portName === name || (seen.internal !== undefined && internal !== undefined && isSame(seen.internal, internal))
  );
}

function isSame(one: PortRange, other: PortRange): boolean {
  return one.from === other.from && one.to === other.to;
}
