/** What the owner of the files should know of a service in Compose, and that does not stand in the way. */
import { readComposeFiles } from '../../observe/compose-files';
import type { EmitContext, Finding } from '../../types';
import type { ServiceContent } from './content';
import type { ComposeProject, ComposeTarget } from './target';

/** Paths of the repository that the service needs and that are not there yet. */
export function missingPaths({ manifest, tree }: EmitContext): Finding[] {
  const { source, volumes } = manifest.runtime;
  const needs = [
    ...(source.kind === 'build'
      ? [{ path: source.context, why: 'It has to be there before the image can be built.' }]
      : []),
    ...volumes.flatMap((volume) =>
      volume.source.kind === 'path'
        ? [{ path: volume.source.path, why: 'Docker would mount an empty folder in its place.' }]
        : [],
    ),
  ];
  return needs.flatMap(({ path, why }): Finding[] => {
    const clean = path.replace(/^\.\//, '').replace(/\/+$/, '');
    if (clean === '.' || tree.paths.some((one) => one === clean || one.startsWith(`${clean}/`))) return [];
    const message = `${manifest.name} needs ${clean}, which is not in the repository yet. ${why}`;
    return [{ kind: 'missing-path', path: clean, message }];
  });
}

/** A volume of the same name in another project: Compose makes two of them. */
export function sameVolumeElsewhere(
  { manifest, profile, tree }: EmitContext,
  targets: readonly ComposeTarget[],
  project: ComposeProject,
): Finding[] {
  const alike = targets.map((target) => target.path);
  const own = new Set([...alike, profile.compose?.root, ...project.included.map((file) => file.path)]);
  const others = readComposeFiles(tree, profile).filter((place) => !own.has(place.path));
  const names = new Set(
    manifest.runtime.volumes.flatMap(({ source }) => (source.kind === 'volume' ? [source.name] : [])),
  );
  return [...names].flatMap((name): Finding[] => {
    const other = others.find((place) => place.file.volumes.has(name));
    if (!other || project.file.volumes.has(name)) return [];
    const message = `${other.path} has a volume ${name} as well. They are two volumes: each project has its own.`;
    return [{ kind: 'volume-elsewhere', path: other.path, message }];
  });
}

/** A health check that shows a certificate asks with curl, whatever the other services ask with. */
export function toolForHealth({ manifest }: EmitContext, target: ComposeTarget, content: ServiceContent): Finding[] {
  if (!content.healthCheck?.test.some((word) => word.includes('curl') && word.includes('--cert'))) return [];
  const message = `The health check of ${manifest.name} shows its certificate, which only curl can: the image needs it. Without curl, check another port.`;
  return [{ kind: 'health-check-tool', path: target.path, message }];
}
