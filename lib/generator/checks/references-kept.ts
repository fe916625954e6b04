/** What a change takes out, nobody else uses: no name that was defined before and is used now is undefined afterwards. */
import { readComposeFile, type ComposeFile } from '../observe/compose-file';
import { includersOf, listComposeFiles } from '../observe/compose-files';
import { includesOf } from '../observe/includes';
import { readYaml } from '../observe/read-yaml';
import { readTraefikFiles } from '../observe/traefik-file';
import type { Profile } from '../profile';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import { pass, plural, verdict, type Check } from './check';

/** A name that a file uses, and whether what it sees defines it. */
interface Reference {
  path: string;
  line: number;
  user: string;
  what: string;
  defined: boolean;
}

export const referencesKept: Check = {
  id: 'references-kept',
  name: 'Nobody uses what is taken out',
  run({ plan, profile, tree, after }) {
    if (plan.action === 'add') return pass('Nothing is taken out.');
    const key = (one: Reference) => `${one.path} ${one.user} ${one.what}`;
    const sound = new Set(
      referencesIn(tree, profile)
        .filter((one) => one.defined)
        .map(key),
    );
    const now = referencesIn(after, profile);
    const broken = now.filter((one) => !one.defined && sound.has(key(one)));
    return verdict(
      broken.map((one) => `${one.path}:${one.line}: ${one.user} uses ${one.what}, which would be gone.`),
      `${plural(now.length, 'reference')} looked at, none loses what it leads to.`,
    );
  },
};

function referencesIn(tree: Tree, profile: Profile): Reference[] {
  return [...composeReferences(tree, profile), ...traefikReferences(tree, profile)];
}

function composeReferences(tree: Tree, profile: Profile): Reference[] {
  return listComposeFiles(tree, profile).flatMap(({ path }) => {
    const visited = new Set<string>();
    const includers = includersOf(tree, profile, path).map((file) => file.path);
    const project = [path, ...includers].flatMap((one) => projectOf(tree, one, visited));
    const names = (pick: (file: ComposeFile) => Iterable<string>) =>
      new Set(project.flatMap((file) => [...pick(file)]));
    const services = names((file) => file.services.map((service) => service.name));
    const volumes = names((file) => file.volumes.keys());
    const networks = names((file) => file.networks.keys()).add('default');
    return (project[0]?.services ?? []).flatMap(({ name: user, line, dependsOn, networks: joined, fields }) => {
      const refer = (kind: string, known: ReadonlySet<string>) => (name: string) => ({
        path,
        line,
        user,
        what: `the ${kind} ${name}`,
        defined: known.has(name),
      });
      return [
        ...dependsOn.map(refer('service', services)),
        ...joined.map(refer('network', networks)),
        ...(asList(fields['volumes']) ?? []).flatMap(mountSource).map(refer('volume', volumes)),
      ];
    });
  });
}

function mountSource(mount: unknown): string[] {
  const long = asRecord(mount);
  const source = long ? asText(long['source']) : asText(mount)?.split(':')[0];
  return source === undefined ? [] : [source];
}

/** A file and what it includes; nothing where it cannot be read. */
function projectOf(tree: Tree, path: string, visited: Set<string>): ComposeFile[] {
  if (visited.has(path)) return [];
  visited.add(path);
  const yaml = readYaml(tree, path);
  if (!yaml) return [];
  const file = readComposeFile(yaml);
  return [file, ...includesOf(tree, file).flatMap((one) => projectOf(tree, one, visited))];
}

function traefikReferences(tree: Tree, profile: Profile): Reference[] {
  const files = readTraefikFiles(tree, profile);
  const services = new Set(files.flatMap((file) => file.services.map((service) => service.name)));
  const middlewares = new Set(files.flatMap((file) => file.middlewares));
  return files.flatMap(({ path, routers }) =>
    routers.flatMap(({ name, line, service, middlewares: used }) => {
      const user = `the router ${name}`;
      const refer = (kind: string, known: ReadonlySet<string>) => (one: string) => ({
        path,
        line,
        user,
        what: `the ${kind} ${one}`,
        defined: known.has(one),
      });
      return [
        ...(service === undefined ? [] : [service].map(refer('backend', services))),
        ...used.map(refer('middleware', middlewares)),
      ];
    }),
  );
}
