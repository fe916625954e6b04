/** Guesses the pool that new ports come from, where nothing names a range. */
import { observePorts, listPools } from '../observe/ports';
import { unreadable } from '../observe/read-yaml';
import type { Profile } from '../profile';
import type { PortObservation, Tree } from '../types';
import { mostCommon, type Guesses } from './guess';

/** Where nothing shows which ports the house takes; below are the system's own. */
const USUAL = 8000;
const FIRST_FREE_FOR_ALL = 1024;
const LAST = 65_535;

/**
 * Gives the profile a pool where neither it nor the registry has one: the thousand that most registered ports are in, else most of those that Compose
 * publishes. A registry that cannot be read stays without: what is free nobody knows then.
 */
export function placePool(tree: Tree, profile: Profile, guesses: Guesses): void {
  const registry = profile.ports?.registry;
  if (registry === undefined ? !profile.compose : unreadable(tree, registry) !== undefined) return;
  if (listPools(tree, profile).length > 0) return;
  const seen = observePorts(tree, profile);
  const { start, evidence } = blockOf(seen, 'registry', 'registered ports') ??
    blockOf(seen, 'compose', 'ports that Compose publishes') ?? { start: USUAL, evidence: 'no port is in use yet' };
  const pool = {
    start: Math.max(FIRST_FREE_FOR_ALL, start),
    end: Math.min(LAST, start + 999),
    description: 'inferred',
  };
  profile.ports = { section: 'ports', ...profile.ports, pools: { default: pool } };
  guesses.note('ports.pools.default', pool, evidence, registry);
}

function blockOf(
  seen: readonly PortObservation[],
  source: PortObservation['source'],
  what: string,
): { start: number; evidence: string } | undefined {
  const ports = seen.filter((port) => port.source === source).map((port) => port.range.from);
  const block = mostCommon(
    ports.filter((port) => port >= FIRST_FREE_FOR_ALL).map((port) => Math.floor(port / 1000) * 1000),
  );
  return block && { start: block.value, evidence: `${block.count} of ${ports.length} ${what} are in there` };
}
