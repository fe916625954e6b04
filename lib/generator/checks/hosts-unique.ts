/** No other router answered on the hosts that the change adds. */
import { observeHosts, type ObservedHost } from '../observe/hosts';
import { formatPlace } from '../patch';
import { plural, verdict, type Check } from './check';

export const hostsUnique: Check = {
  id: 'hosts-unique',
  name: 'Hosts are nobody else’s',
  run({ profile, tree, after }) {
    const before = observeHosts(tree, profile);
    const routers = new Set(before.map((one) => one.router));
    const added = observeHosts(after, profile).filter((one) => !routers.has(one.router));
    const faults = added.flatMap((one) => {
      const other = before.find((candidate) => target(candidate) === target(one));
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
