/** Where a port is active and the probes say that nobody answers: told only after several in a row, since services are restarted. Pure. */
import { overlaps } from '@/lib/services/port-range';
import { describePort, type FoundFinding, type LiveReservation, type ObservedPort } from './drift';
import type { ProbeOutcome } from './views';

/** So many probes in a row without an answer make a finding. */
const SILENT_TIMES = 3;

/** An active reservation and what its last probe found. */
export interface ProbedReservation extends LiveReservation {
  outcome: ProbeOutcome;
  silentTimes: number;
  /** Since when nothing answers, or something does. */
  since: Date;
}

export interface SilenceInput {
  /** The machine that publishes the ports. */
  host: string;
  probed: readonly ProbedReservation[];
  observations: readonly ObservedPort[];
  /** The file that has the ports of the platform, where main gives the port to nobody. */
  registry: string;
  isOwn: (seen: string, service: string) => boolean;
}

/** Where all of several ports are silent and not one is even refused, it is the way to the machine that is told of, once. */
export function findSilence(input: SilenceInput): FoundFinding[] {
  const { host, probed, registry } = input;
  const silent = probed.filter(({ silentTimes }) => silentTimes >= SILENT_TIMES);
  const answered = probed.some(({ outcome }) => outcome === 'reachable' || outcome === 'refused');
  if (answered || silent.length < 2 || silent.length < probed.length) return silent.map((one) => silenceOf(input, one));
  return [
    {
      kind: 'host-does-not-answer',
      path: registry,
      line: undefined,
      subject: host,
      message: `None of the ${silent.length} ports that are active on ${host} answers the worker, and none is refused: the address in SLIPWAY_PORT_PROBE is wrong, a firewall is between them, or the machine is down.`,
      remedy: { kind: 'host' },
    },
  ];
}

const words: Record<ProbeOutcome, string> = {
  reachable: 'something answers',
  refused: 'the connection is refused',
  timeout: 'nothing comes back',
  unreachable: 'there is no way to it',
};

function silenceOf({ host, observations, registry, isOwn }: SilenceInput, one: ProbedReservation): FoundFinding {
  const { service, range, outcome, since } = one;
  const own = observations.filter((seen) => overlaps(seen.range, range) && isOwn(seen.service, service));
  const place = own.find(({ source }) => source === 'compose') ?? own[0];
  return {
    kind: 'no-answer',
    path: place?.path ?? registry,
    line: place?.line,
    subject: `${service} ${describePort(one)}`,
    message: `${describePort(one)} of ${service} is active on ${host}, but nobody has answered there since ${since.toISOString().slice(0, 16).replace('T', ' ')} UTC: ${words[outcome]}.`,
    remedy: { kind: 'host' },
  };
}
