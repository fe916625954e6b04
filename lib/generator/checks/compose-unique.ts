/**
 * Nothing is there twice in a Compose project: container names, static addresses, and what a file declares although one that it includes does. Between projects it
 * may be: the root file and the stacks are alternatives.
 */
import { readComposeFile, type ComposeFile } from '../observe/compose-file';
import { readYaml } from '../observe/read-yaml';
import { treeOf } from '../overlay';
import { asRecord, asText } from '../yaml/read';
import { plural, verdict, type Check } from './check';
import { changedProjects, type ComposeProject } from './compose-projects';

export const composeUnique: Check = {
  id: 'compose-unique',
  name: 'Nothing is there twice in a Compose project',
  run(input) {
    const seen: string[] = [];
    const faults = changedProjects(input).flatMap(({ path, before, after }) => {
      const known = new Set(before ? duplicatesIn(before).map(({ what }) => what) : []);
      const found = duplicatesIn(after);
      seen.push(`${path}: ${plural(after.files.size, 'file')}`);
      return found.filter(({ what }) => !known.has(what)).map(({ what, where }) => `${where}: ${what}.`);
    });
    return verdict(faults, `${plural(seen.length, 'project')}: no name, address or declaration twice.`, seen);
  },
};

interface Duplicate {
  what: string;
  /** `compose/docker-compose.ai.yml:12`; moves with every line above it, so it does not tell a duplicate from an older one. */
  where: string;
}

function duplicatesIn(project: ComposeProject): Duplicate[] {
  const tree = treeOf(Object.fromEntries(project.files));
  const files = [...project.files.keys()].flatMap((path) => {
    const yaml = readYaml(tree, path);
    return yaml && Object.hasOwn(asRecord(yaml.toJs()) ?? {}, 'services') ? [readComposeFile(yaml)] : [];
  });
  // Override files say the same service again on purpose.
  const single = project.main.length === 1;
  return [...containerNames(files), ...addresses(files), ...(single ? declarations(tree, project) : [])];
}

function containerNames(files: readonly ComposeFile[]): Duplicate[] {
  const owners = new Map<string, string>();
  return files.flatMap((file) =>
    file.services.flatMap(({ name, containerName, line }) => {
      if (containerName === undefined || containerName.includes('$')) return [];
      const owner = owners.get(containerName);
      owners.set(containerName, owner ?? name);
      return owner === undefined || owner === name
        ? []
        : [
            {
              what: `the container name ${containerName} of ${name} is that of ${owner}`,
              where: `${file.path}:${line}`,
            },
          ];
    }),
  );
}

function addresses(files: readonly ComposeFile[]): Duplicate[] {
  const owners = new Map<string, string>();
  return files.flatMap((file) =>
    file.services.flatMap(({ name, fields, line }) =>
      Object.entries(asRecord(fields['networks']) ?? {}).flatMap(([network, settings]) =>
        ['ipv4_address', 'ipv6_address'].flatMap((key) => {
          const address = asText(asRecord(settings)?.[key]);
          if (address === undefined || address.includes('$')) return [];
          const owner = owners.get(`${network} ${address}`);
          owners.set(`${network} ${address}`, owner ?? name);
          return owner === undefined || owner === name
            ? []
            : [
                {
                  what: `the address ${address} of ${name} on ${network} is that of ${owner}`,
                  where: `${file.path}:${line}`,
                },
              ];
        }),
      ),
    ),
  );
}

/** Compose merges nothing over an include: what both declare it refuses as a conflict, unless both say exactly the same. */
function declarations(tree: ReturnType<typeof treeOf>, project: ComposeProject): Duplicate[] {
  const owners = new Map<string, { path: string; text: string }>();
  return [...project.files.keys()].flatMap((path) => {
    const root = asRecord(readYaml(tree, path)?.toJs()) ?? {};
    return ['services', 'volumes', 'networks', 'secrets', 'configs'].flatMap((section) =>
      Object.entries(asRecord(root[section]) ?? {}).flatMap(([name, value]) => {
        const owner = owners.get(`${section} ${name}`);
        const text = JSON.stringify(value);
        owners.set(`${section} ${name}`, owner ?? { path, text });
        return owner === undefined || owner.path === path || owner.text === text
          ? []
          : [
              {
                what: `${section}.${name} is declared in ${owner.path} too, which belongs to the same project`,
                where: path,
              },
            ];
      }),
    );
  });
}
