/**
 * What was added to Compose files, against the Compose specification and against what its schema lets through: a misspelt restart policy, ports that a
 * YAML 1.1 reader takes for a number.
 */
import { diffFile } from '../line-diff';
import type { FileChange } from '../types';
import { addedToCompose } from './added';
import { plural, verdict, type Check } from './check';
import { schemaValidator } from './schema-validator';
import schema from './schemas/compose-spec.json';

const validate = schemaValidator(schema);

export const composeSchema: Check = {
  id: 'compose-schema',
  name: 'Compose schema',
  run(input) {
    const faults: string[] = [];
    const seen: string[] = [];
    for (const { path, file, services, volumes, networks } of addedToCompose(input)) {
      const fragment = {
        services: Object.fromEntries(services.map((service) => [service.name, service.fields])),
        ...(volumes.length > 0 ? { volumes: pick(file.volumes, volumes) } : {}),
        ...(networks.length > 0 ? { networks: pick(file.networks, networks) } : {}),
      };
      faults.push(...validate(fragment).map((fault) => `${path}: ${fault}`));
      for (const service of services) {
        seen.push(`${path}:${service.line}  service ${service.name}`);
        const { restart } = service.fields;
        if (
          restart !== undefined &&
          !/^(no|always|unless-stopped|on-failure(:\d+)?|\$\{.*\})$/.test(JSON.stringify(restart).replace(/^"|"$/g, ''))
        )
          faults.push(`${path}:${service.line}: restart is ${JSON.stringify(restart)}, which Docker does not know.`);
      }
      seen.push(
        ...volumes.map((name) => `${path}  volume ${name}`),
        ...networks.map((name) => `${path}  network ${name}`),
      );
      faults.push(...sexagesimal(path, input.plan.files));
    }
    return verdict(faults, `${plural(seen.length, 'addition')} against the Compose specification.`, seen);
  },
};

function pick(map: ReadonlyMap<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, map.get(name)]));
}

/** `- 22:22` without quotes is 1342 to a reader of YAML 1.1. */
function sexagesimal(path: string, files: readonly FileChange[]): string[] {
  const file = files.find((one) => one.path === path);
  if (!file) return [];
  return diffFile(file)
    .filter((change) => change.kind === 'added')
    .flatMap((change) => change.lines)
    .filter((line) => /^\s*-\s+\d+:[0-5]?\d\s*(#.*)?$/.test(line.replace(/\r?\n$/, '')))
    .map((line) => `${path}: “${line.trim()}” wants quotes: some readers take it for a number of minutes.`);
}
