/** Every name that what was added uses is defined: middlewares, Traefik services and transports; networks, volumes and dependencies of one project. */
import { readComposeFile, type ComposeFile, type ComposeService } from '../observe/compose-file';
import { includersOf } from '../observe/compose-files';
import { includesOf } from '../observe/includes';
import { readYaml } from '../observe/read-yaml';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import { addedToCompose, addedToTraefik, type AddedTraefik } from './added';
import { plural, verdict, type Check, type CheckInput } from './check';

export const referencesDefined: Check = {
  id: 'references-defined',
  name: 'Every name used is defined',
  run(input) {
    const seen: string[] = [];
    const faults = [...composeFaults(input, seen), ...traefikFaults(addedToTraefik(input), seen)];
    return verdict(faults, `${plural(seen.length, 'reference')} of what was added, all defined.`, seen);
  },
};

function composeFaults(input: CheckInput, seen: string[]): string[] {
  return addedToCompose(input).flatMap(({ path, file, services }) => {
    // A stack that includes the file is one project with it.
    const around = [file, ...includersOf(input.after, input.profile, path)];
    const visited = new Set(around.map((one) => one.path));
    const project = around.flatMap((one) => withIncludes(input.after, one, visited));
    const defined = (pick: (one: ComposeFile) => Iterable<string>) => new Set(project.flatMap((one) => [...pick(one)]));
    const sections = project.map((one) => asRecord(readYaml(input.after, one.path)?.toJs()) ?? {});
    const keysOf = (section: string) => new Set(sections.flatMap((one) => Object.keys(asRecord(one[section]) ?? {})));
    const known = {
      network: defined((one) => one.networks.keys()).add('default'),
      volume: defined((one) => one.volumes.keys()),
      service: defined((one) => one.services.map((service) => service.name)),
      secret: keysOf('secrets'),
      configuration: keysOf('configs'),
    };
    return services.flatMap((service) =>
      references(service).flatMap(({ kind, name }) => {
        seen.push(`${path}:${service.line}  ${service.name} uses the ${kind} ${name}`);
        if (known[kind].has(name)) return [];
        return [
          `${path}:${service.line}: ${service.name} uses the ${kind} ${name}, which neither this file nor what it includes defines.`,
        ];
      }),
    );
  });
}

interface Reference {
  kind: 'network' | 'volume' | 'service' | 'secret' | 'configuration';
  name: string;
}

function references(service: ComposeService): Reference[] {
  const { fields } = service;
  const inherited = asRecord(fields['extends']);
  // network_mode, pid and ipc may be those of another service.
  const shared = ['network_mode', 'pid', 'ipc'].map((key) => /^service:(.+)$/.exec(asText(fields[key]) ?? '')?.[1]);
  const extended =
    inherited && inherited['file'] === undefined ? asText(inherited['service']) : asText(fields['extends']);
  return [
    ...[...shared, extended].flatMap((name) => (name === undefined ? [] : [{ kind: 'service' as const, name }])),
    ...grants(fields['secrets']).map((name) => ({ kind: 'secret' as const, name })),
    ...grants(fields['configs']).map((name) => ({ kind: 'configuration' as const, name })),
    ...service.networks.map((name) => ({ kind: 'network' as const, name })),
    ...service.dependsOn.map((name) => ({ kind: 'service' as const, name })),
    ...(asList(service.fields['volumes']) ?? []).flatMap((mount) => {
      const name = namedVolume(mount);
      return name === undefined ? [] : [{ kind: 'volume' as const, name }];
    }),
  ];
}

/** Secrets or configurations that a service is given, in the short form or the long one. */
function grants(value: unknown): string[] {
  return (asList(value) ?? []).flatMap((item) => asText(asRecord(item)?.['source'] ?? item) ?? []);
}

/** The named volume of a mount; undefined for a path of the host, a variable or an anonymous volume. */
function namedVolume(mount: unknown): string | undefined {
  const long = asRecord(mount);
  if (long) return long['type'] === 'volume' ? asText(long['source']) : undefined;
  const parts = (asText(mount) ?? '').split(':');
  const [source = ''] = parts;
  return parts.length > 1 && /^[A-Za-z0-9]/.test(source) && !source.includes('/') ? source : undefined;
}

function withIncludes(tree: Tree, file: ComposeFile, visited: Set<string>): ComposeFile[] {
  return [
    file,
    ...includesOf(tree, file).flatMap((path) => {
      if (visited.has(path)) return [];
      visited.add(path);
      const yaml = readYaml(tree, path);
      return yaml ? withIncludes(tree, readComposeFile(yaml), visited) : [];
    }),
  ];
}

function traefikFaults(added: AddedTraefik | undefined, seen: string[]): string[] {
  if (!added) return [];
  const faults: string[] = [];
  const need = (line: number, user: string, kind: string, section: string, name: string) => {
    seen.push(`${added.path}:${line}  ${user} uses the ${kind} ${name}`);
    // A name with @ belongs to another provider.
    if (!name.includes('@') && !(name in (asRecord(added.http[section]) ?? {})))
      faults.push(
        `${added.path}:${line}: ${user} uses the ${kind} ${name}, which the file does not define under http.${section}.`,
      );
  };
  for (const router of added.routers) {
    if (router.service !== undefined) need(router.line, `Router ${router.name}`, 'service', 'services', router.service);
    else faults.push(`${added.path}:${router.line}: router ${router.name} names no service.`);
    for (const name of router.middlewares)
      need(router.line, `Router ${router.name}`, 'middleware', 'middlewares', name);
  }
  for (const service of added.services)
    if (service.serversTransport !== undefined)
      need(service.line, `Service ${service.name}`, 'transport', 'serversTransports', service.serversTransport);
  return faults;
}
