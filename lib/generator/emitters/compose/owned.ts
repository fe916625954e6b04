/** The service's blocks in Compose, and the named volumes that it alone mounts, as they stand now. */
import { readComposeFile, type ComposeService } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import { readYaml } from '../../observe/read-yaml';
import type { Conflict, EmitContext, Finding, OwnedPart, Ownership } from '../../types';
import { lineAt } from '../../yaml/locate';
import { asList, asRecord, asText } from '../../yaml/read';
import { readProject } from './target';

export function owned(context: EmitContext): Ownership {
  const { manifest, profile, tree } = context;
  const files = readComposeFiles(tree, profile);
  const parts: OwnedPart[] = [];
  const kept: Finding[] = [];
  const conflicts: Conflict[] = [];
  for (const { path, file } of files) {
    const dependents = file.services.filter(
      (one) => one.name !== manifest.name && one.dependsOn.includes(manifest.name),
    );
    conflicts.push(...dependents.map((one) => dependsOnIt(path, one, manifest.name)));
    if (!file.services.some((one) => one.name === manifest.name)) continue;
    parts.push({ kind: 'yaml', path, at: ['services', manifest.name] });
    const project = readProject(context, file);
    for (const name of namedVolumes(context))
      for (const declaring of [project.file, ...project.included]) {
        if (!declaring.volumes.has(name) || isExternal(declaring.volumes.get(name))) continue;
        const user = userOf(context, declaring.path, name);
        if (!user) parts.push({ kind: 'yaml', path: declaring.path, at: ['volumes', name] });
        else
          kept.push({
            kind: 'kept',
            path: declaring.path,
            ...lineOf(context, declaring.path, ['volumes', name]),
            message: `The volume ${name} stays: ${user.service.name} (${user.path}) mounts it too.`,
          });
      }
  }
  return { parts, kept, conflicts, followUps: parts.length > 0 ? afterwards(context, parts) : [] };
}

function namedVolumes({ manifest }: EmitContext): Set<string> {
  return new Set(manifest.runtime.volumes.flatMap(({ source }) => (source.kind === 'volume' ? [source.name] : [])));
}

function dependsOnIt(path: string, service: ComposeService, name: string): Conflict {
  return {
    kind: 'name',
    field: 'name',
    path,
    line: service.line,
    owner: service.name,
    message: `${service.name} waits for ${name} (${path}:${service.line}), and could not start without it. Take ${name} out of its depends_on first.`,
  };
}

/** Another service that mounts a volume, in a file that declares it or includes the one that does. */
function userOf(
  context: EmitContext,
  declaring: string,
  volume: string,
): { path: string; service: ComposeService } | undefined {
  for (const { path, file } of readComposeFiles(context.tree, context.profile)) {
    if (path !== declaring && !readProject(context, file).included.some((one) => one.path === declaring)) continue;
    const service = file.services.find((one) => one.name !== context.manifest.name && mounts(one, volume));
    if (service) return { path, service };
  }
  return undefined;
}

function mounts(service: ComposeService, volume: string): boolean {
  return (asList(service.fields['volumes']) ?? []).some((mount) => {
    const long = asRecord(mount);
    return (long ? asText(long['source']) : asText(mount)?.split(':')[0]) === volume;
  });
}

function isExternal(declaration: unknown): boolean {
  const external = asRecord(declaration)?.['external'];
  return external !== undefined && external !== false;
}

function lineOf({ tree }: EmitContext, path: string, at: string[]): { line: number } | object {
  const yaml = readYaml(tree, path);
  return yaml && readComposeFile(yaml) ? { line: lineAt(yaml, at) } : {};
}

function afterwards({ manifest }: EmitContext, parts: readonly OwnedPart[]): Ownership['followUps'] {
  const files = [
    ...new Set(parts.flatMap((part) => (part.kind === 'yaml' && part.at[0] === 'services' ? [part.path] : []))),
  ];
  const volumes = parts.flatMap((part) =>
    part.kind === 'yaml' && part.at[0] === 'volumes' ? [String(part.at[1])] : [],
  );
  return [
    ...files.map((file) => ({
      phase: 'start' as const,
      key: `stop:${file}`,
      title: `Stop ${manifest.name} and remove its container`,
      detail: 'What the files no longer name is an orphan, and Compose removes it.',
      command: `docker compose -f ${file} up -d --remove-orphans`,
    })),
    ...(volumes.length > 0
      ? [
          {
            phase: 'resources' as const,
            key: `volumes-gone:${manifest.name}`,
            title: `Keep or remove the data of ${manifest.name}`,
            detail: `The volumes ${volumes.join(', ')} are still on the host, with the project’s name in front. Back them up, then remove them.`,
            command: `docker volume ls --filter name=${volumes[0] ?? ''}`,
          },
        ]
      : []),
  ];
}
