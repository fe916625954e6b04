/** A health check asks a port at which the container listens. */
import type { ComposeService } from '../observe/compose-file';
import { asList, asText } from '../yaml/read';
import { asRecord } from '../yaml/read';
import { addedToCompose } from './added';
import { plural, verdict, type Check, type CheckInput } from './check';

/** `localhost:8080` in a command or an address. */
const LOCAL_PORT = /(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d{1,5})\b/g;

export const probesReach: Check = {
  id: 'probes-reach',
  name: 'Health checks ask a port that is there',
  run(input) {
    const seen: string[] = [];
    const faults = addedToCompose(input).flatMap(({ path, services }) =>
      services.flatMap((service) => {
        const open = portsOf(input, service);
        // A service that says nothing of its ports may listen anywhere.
        if (open.size === 0) return [];
        return askedPorts(service).flatMap((port) => {
          seen.push(`${path}:${service.line}  ${service.name} is asked at ${port}`);
          return open.has(port)
            ? []
            : [
                `${path}:${service.line}: the health check of ${service.name} asks port ${port}, and it listens at ${[...open].join(', ')}.`,
              ];
        });
      }),
    );
    return verdict(faults, `${plural(seen.length, 'health check')} at a port of the container.`, seen);
  },
};

function askedPorts(service: ComposeService): number[] {
  const test = asRecord(service.fields['healthcheck'])?.['test'];
  const text = (asList(test) ?? [test]).map((part) => asText(part) ?? '').join(' ');
  return [...new Set([...text.matchAll(LOCAL_PORT)].map(([, port]) => Number(port)))];
}

/** The ports inside the container: the spec's, the published ones', and those that the file exposes. */
function portsOf({ manifest }: CheckInput, service: ComposeService): Set<number> {
  const ports = new Set<number>();
  const add = ({ from, to }: { from: number; to: number }) => {
    for (let port = from; port <= to; port += 1) ports.add(port);
  };
  if (service.name === manifest.name) for (const { internal } of manifest.ports) add(internal);
  else for (const { internal } of service.ports) if (internal) add(internal);
  for (const item of asList(service.fields['expose']) ?? []) {
    const port = Number.parseInt(asText(item) ?? '', 10);
    if (port > 0) ports.add(port);
  }
  return ports;
}
