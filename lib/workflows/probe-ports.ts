/**
 * Tries whether active ports answer, at the addresses that operators configured and nowhere else: nobody makes Slipway look into a network by a pull request or
 * by a wish. What the probes say becomes findings with the next look at main, a minute later at most.
 */
import { tryConnect } from '@/lib/adapters/tcp/try-connect';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { listProbeTargets, recordProbes, type Probed, type ProbeTarget } from '@/lib/ports/probes';
import { probeOutcomes, type ProbeOutcome } from '@/lib/ports/views';
import { retryingTransaction } from '@/lib/transactions';

const TIMEOUT_MS = 2_000;
/** Connections at a time. */
const AT_ONCE = 16;

/** Probes every active TCP port on the configured hosts; where none is configured it forgets what it knew. */
export async function probePorts(): Promise<void> {
  const addresses = env().portProbe;
  const targets = await listProbeTargets(db(), Object.keys(addresses));
  const waiting = [...targets];
  const probed: Probed[] = [];
  const work = async () => {
    for (let target = waiting.shift(); target; target = waiting.shift())
      probed.push({ reservationId: target.reservationId, outcome: await probe(target, addresses[target.scope] ?? '') });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await retryingTransaction((tx) => recordProbes(tx, probed));
}

/** One port after the other, until one answers. The best of a range's ports counts: a service seldom listens on all of them at all times. */
async function probe({ range }: ProbeTarget, address: string): Promise<ProbeOutcome> {
  const outcomes = new Set<ProbeOutcome>();
  for (let port = range.from; port <= range.to && !outcomes.has('reachable'); port += 1)
    outcomes.add(await tryConnect(address, port, TIMEOUT_MS));
  return probeOutcomes.find((outcome) => outcomes.has(outcome)) ?? 'unreachable';
}
