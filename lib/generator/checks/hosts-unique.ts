/** No other router answered on the hosts that the change adds, and none takes the requests of another: each is reached as it is meant. */
import { shadowedBy, shadowing } from '../emitters/traefik/rule';
import { observeHosts, type ObservedHost } from '../observe/hosts';
import { mergeTraefikFiles, readTraefikFiles, type TraefikRouter } from '../observe/traefik-file';
import { formatPlace } from '../patch';
import { plural, verdict, type Check, type CheckInput } from './check';

export const hostsUnique: Check = {
  id: 'hosts-unique',
  name: 'Hosts are nobody else’s',
  run(input) {
    const before = observeHosts(input.tree, input.profile);
    const routers = new Set(before.map(router));
    const added = observeHosts(input.after, input.profile).filter((one) => !routers.has(router(one)));
    const faults = added.flatMap((one, index) => {
      const other = [...before, ...added.slice(0, index)].find((candidate) => target(candidate) === target(one));
      return other
        ? [
            `${target(one)} (${formatPlace(one.place)}) is answered by the router ${other.router} already (${formatPlace(other.place)}).`,
          ]
        : [];
    });
    return verdict(
      [...faults, ...shadows(input)],
      `${plural(added.length, 'new host')} against ${before.length} that were there: none taken.`,
      added.map((one) => `${formatPlace(one.place)}  ${target(one)}  ${one.router}`),
    );
  },
};

/** Routers of one name in a dynamic file and in labels are two. */
function router(one: ObservedHost): string {
  return `${one.place.path} ${one.router}`;
}

/** New routers that others stand before, or that stand before others. */
function shadows({ tree, after, profile }: CheckInput): string[] {
  const known = new Set(mergeTraefikFiles('', readTraefikFiles(tree, profile)).routers.map((one) => one.name));
  const { routers } = mergeTraefikFiles('', readTraefikFiles(after, profile));
  return routers
    .filter((one) => !known.has(one.name))
    .flatMap((one) => {
      const others = routers.filter((other) => other.name !== one.name);
      const above = shadowedBy(one, others);
      const below = shadowing(one, others);
      return [
        ...(above ? [`${say(above)} takes every request before the new router ${say(one)} does.`] : []),
        ...(below ? [`The new router ${say(one)} takes requests that are for ${say(below)}.`] : []),
      ];
    });
}

function say(one: TraefikRouter): string {
  return `${one.name} (${one.path}:${one.line})`;
}

function target(one: ObservedHost): string {
  return `${one.host}${(one.path ?? '').replace(/\/+$/, '')}`;
}
