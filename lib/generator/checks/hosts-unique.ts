/** No other router answered on the hosts that the change adds. */
import { observeHosts, type ObservedHost } from '../observe/hosts';
import { formatPlace } from '../patch';
import { plural, verdict, type Check } from './check';

export const hostsUnique: Check = {
  id: 'hosts-unique',
  name: 'Hosts are nobody else’s',
  run({ profile, tree, after }) {
    const before = observeHosts(tree, profile);
    const known = new Set(before.map((one) => `${one.router} ${target(one)}`));
    const added = observeHosts(after, profile).filter((one) => !known.has(`${one.router} ${target(one)}`));
    const faults = added.flatMap((one) => {
      const other = before.find((candidate) => candidate.router !== one.router && target(candidate) === target(one));
      return other
        ? [
            `${target(one)} (${formatPlace(one.place)}) is answered by the router ${other.router} already (${formatPlace(other.place)}).`,
          ]
        : [];
    });
    return verdict(
      faults,
      `${plural(added.length, 'new host')} against ${before.length} that were there: none taken.`,
      added.map((one) => `${formatPlace(one.place)}  ${target(one)}  ${one.router}`),
    );
  },
};

function target(one: ObservedHost): string {
  return `${one.host}${(one.path ?? '').replace(/\/+$/, '')}`;
}
