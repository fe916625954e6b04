/** Whether the portal's own records say what the files of a change say: its ports, its hosts and its runbook's number. */
import { checkInput, pass, plural, verdict, type CheckContext } from '@/lib/generator/checks/check';
import type { TimedCheckResult } from '@/lib/generator/checks/index';
import { observePorts } from '@/lib/generator/observe/ports';
import type { PortObservation } from '@/lib/generator/types';
import { formatPortRange, type PortRange } from '@/lib/services/port-range';
import { hostsOf, type RequestClaims } from './request-claims';

export const databaseAgreesName = { id: 'database-agrees', name: 'The portal’s records agree' };

/** Holds the claims of an addition against its files: what is published must be held, and what is held must be published. */
export function databaseAgrees(
  context: CheckContext,
  claims: RequestClaims,
  clock: () => number = () => performance.now(),
): TimedCheckResult {
  const start = clock();
  const { plan, manifest } = context;
  const found =
    plan.action === 'add'
      ? verdict(
          [...portFaults(context, claims), ...hostFaults(context, claims), ...runbookFaults(manifest.runbook, claims)],
          `${plural(claims.ports.length, 'port')}, ${plural(claims.hosts.length, 'host')} and ${plural(claims.runbookNumbers.length, 'runbook number')} are held for it.`,
        )
      : pass('It takes nothing that is not its own already.');
  return { ...databaseAgreesName, ...found, durationMs: Math.max(0, clock() - start) };
}

function portFaults(context: CheckContext, claims: RequestClaims): string[] {
  const { after } = checkInput(context);
  const key = (one: PortObservation) =>
    `${one.source} ${one.path} ${one.service} ${one.protocol} ${formatPortRange(one.range)}`;
  const known = new Set(observePorts(context.tree, context.profile).map(key));
  // A backend's address is no port that anybody takes.
  const added = observePorts(after, context.profile).filter((one) => one.source !== 'traefik' && !known.has(key(one)));
  const holds = (ranges: readonly { protocol: string; range: PortRange }[], one: { protocol: string }, port: number) =>
    ranges.some(({ protocol, range }) => protocol === one.protocol && range.from <= port && port <= range.to);
  const numbers = ({ from, to }: PortRange) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  // A registry's summary repeats a number and has no place for its protocol: the entry that it repeats has to be held as it says.
  const repeats = (one: PortObservation) =>
    one.source === 'registry' &&
    added.some(
      (other) =>
        other.source === 'registry' &&
        formatPortRange(other.range) === formatPortRange(one.range) &&
        numbers(other.range).every((port) => holds(claims.ports, other, port)),
    );
  const unheld = added
    .filter((one) => numbers(one.range).some((port) => !holds(claims.ports, one, port)) && !repeats(one))
    .map(
      (one) =>
        `${one.path}:${one.line ?? 1} publishes ${formatPortRange(one.range)}/${one.protocol}, which the portal does not hold for the request.`,
    );
  // A platform without registry, or a spec without Compose, publishes nowhere.
  if (added.length === 0) return unheld;
  const unused = claims.ports
    .filter((one) => numbers(one.range).some((port) => !holds(added, one, port)))
    .map(
      (one) =>
        `The portal holds ${formatPortRange(one.range)}/${one.protocol} for the request, and no file publishes it.`,
    );
  return [...unheld, ...unused];
}

function hostFaults({ manifest }: CheckContext, { hosts }: RequestClaims): string[] {
  const wanted = hostsOf(manifest).map(({ host, path }) => `${host}${path}`);
  return [
    ...wanted
      .filter((one) => !hosts.includes(one))
      .map((one) => `The portal does not hold the host ${one} for the request.`),
    ...hosts
      .filter((one) => !wanted.includes(one))
      .map((one) => `The portal holds the host ${one}, which the spec does not name.`),
  ];
}

function runbookFaults(runbook: { number: number } | undefined, { runbookNumbers }: RequestClaims): string[] {
  return runbook && !runbookNumbers.includes(runbook.number)
    ? [`The portal does not hold the runbook number ${runbook.number} for the request.`]
    : [];
}
