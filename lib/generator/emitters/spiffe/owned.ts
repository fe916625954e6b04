/** What of a service's SPIFFE parts stands in the tree now: helper, volume on the helper's side, configuration, registration. */
import { readComposeFiles } from '../../observe/compose-files';
import { readYaml } from '../../observe/read-yaml';
import { spiffeNamesOf } from '../../naming';
import type { Conflict, EmitContext, Finding, OwnedPart, Ownership } from '../../types';
import { lineAt } from '../../yaml/locate';
import { asRecord } from '../../yaml/read';
import { chooseTargets, readProject } from '../compose/target';
import { observeHelpers } from './helpers';
import { mountsOf } from './mounts';

/**
 * The helper wherever it stands, and the volume that its project declares for it, unless somebody else mounts that too. What the service's own project
 * declares came with the service: the Compose emitter owns it.
 */
export function ownedSidecars(context: EmitContext): Ownership {
  const { manifest, profile, tree } = context;
  const names = spiffeNamesOf(manifest, profile);
  if (!names) return { parts: [] };
  const files = readComposeFiles(tree, profile);
  const parts: OwnedPart[] = [];
  const kept: Finding[] = [];
  const conflicts: Conflict[] = [];
  const own = new Set([manifest.name, names.helper]);
  const volumes = new Set<string>();
  for (const { path } of chooseTargets(context).targets) {
    const target = files.find((place) => place.path === path);
    for (const one of target ? readProject(context, target.file).included : []) volumes.add(one.path);
    volumes.add(path);
  }
  for (const { path, file } of files) {
    const helper = file.services.find((service) => service.name === names.helper);
    if (!helper) continue;
    for (const service of file.services)
      if (!own.has(service.name) && service.dependsOn.includes(names.helper))
        conflicts.push({
          kind: 'name',
          field: 'workload',
          path,
          line: service.line,
          owner: service.name,
          message: `${service.name} waits for ${names.helper} (${path}:${service.line}), and could not start without it. Take ${names.helper} out of its depends_on first.`,
        });
    parts.push({ kind: 'yaml', path, at: ['services', names.helper] });
    const project = readProject(context, file);
    for (const declaring of [project.file, ...project.included]) {
      if (!declaring.volumes.has(names.certsVolume) || volumes.has(declaring.path)) continue;
      volumes.add(declaring.path);
      const users = files.filter(
        (place) =>
          place.path === declaring.path ||
          readProject(context, place.file).included.some((one) => one.path === declaring.path),
      );
      const user = users
        .flatMap((place) => place.file.services.map((service) => ({ path: place.path, service })))
        .find(
          ({ service }) =>
            !own.has(service.name) && mountsOf(service).some((mount) => mount.source === names.certsVolume),
        );
      if (!user) {
        parts.push({ kind: 'yaml', path: declaring.path, at: volumePath(context, declaring.path, names.certsVolume) });
        continue;
      }
      const yaml = readYaml(tree, declaring.path);
      kept.push({
        kind: 'kept',
        path: declaring.path,
        ...(yaml ? { line: lineAt(yaml, ['volumes', names.certsVolume]) } : {}),
        message: `The volume ${names.certsVolume} stays: ${user.service.name} (${user.path}) mounts it too.`,
      });
    }
  }
  return { parts, kept, conflicts };
}

/** The volume's declaration; the whole block where it holds nothing else, since then it came with the volume. */
function volumePath({ tree }: EmitContext, path: string, name: string): (string | number)[] {
  const yaml = readYaml(tree, path);
  const declared = Object.keys(asRecord(asRecord(yaml?.toJs())?.['volumes']) ?? {});
  const bare = yaml !== undefined && /^volumes:[ \t]*\r?$/m.test(yaml.text);
  return declared.length === 1 && bare ? ['volumes'] : ['volumes', name];
}

/** The configuration, unless another helper mounts it too. */
export function ownedConfig(context: EmitContext): Ownership {
  const names = spiffeNamesOf(context.manifest, context.profile);
  if (!names || context.tree.read(names.configPath) === undefined) return { parts: [] };
  const other = observeHelpers(context).find(
    (helper) => helper.name !== names.helper && helper.configPath === names.configPath,
  );
  if (!other) return { parts: [{ kind: 'file', path: names.configPath }] };
  const message = `${names.configPath} stays: ${other.name} (${other.path}) reads it too.`;
  return { parts: [], kept: [{ kind: 'kept', path: names.configPath, message }] };
}
