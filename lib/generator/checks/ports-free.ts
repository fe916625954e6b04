/** Every port that the change adds, in the registry, in Compose or behind Traefik, was nobody else's. */
import { formatPortRange, overlaps } from '@/lib/services/port-range';
import { isOwnName } from '../emitters/taken-ports';
import { observePorts } from '../observe/ports';
import { formatPlace } from '../patch';
import type { PortObservation } from '../types';
import { plural, verdict, type Check } from './check';

export const portsFree: Check = {
  id: 'ports-free',
  name: 'Ports are free',
  run({ manifest, profile, tree, after }) {
    const before = observePorts(tree, profile);
    const known = new Map<string, number>();
    for (const one of before) known.set(key(one), (known.get(key(one)) ?? 0) + 1);
    const added = observePorts(after, profile).filter((one) => {
      const left = known.get(key(one)) ?? 0;
      known.set(key(one), left - 1);
      return left <= 0;
    });
    const own = new Set([manifest.name, ...added.map((one) => one.service)]);
    const others = before.filter((one) => !own.has(one.service) && !isOwnName(one.service, manifest, profile));
    const faults = added.flatMap((one) => {
      const other = others.find(
        (candidate) => candidate.protocol === one.protocol && overlaps(candidate.range, one.range),
      );
      return other
        ? [
            `${formatPortRange(one.range)}/${one.protocol} for ${one.service} (${formatPlace(one)}) is ${other.service}'s (${formatPlace(other)}).`,
          ]
        : [];
    });
    return verdict(
      faults,
      `${plural(added.length, 'new entry').replace('entrys', 'entries')} against ${before.length} that were there: none taken.`,
      added.map(
        (one) => `${formatPlace(one)}  ${formatPortRange(one.range)}/${one.protocol}  ${one.service} (${one.source})`,
      ),
    );
  },
};

/** Without the line: what stands below an addition has moved down. */
function key(one: PortObservation): string {
  return [one.source, one.path, one.service, one.protocol, formatPortRange(one.range)].join(' ');
}
