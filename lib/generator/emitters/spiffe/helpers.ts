/** The SPIFFE helpers that a platform has: who they serve and what their parts are called. The models for a new one. */
import { joinPath, type ComposeService } from '../../observe/compose-file';
import { concernsCompose, readComposeFiles } from '../../observe/compose-files';
import { oncePerTree } from '../../observe/once-per-tree';
import type { Profile } from '../../profile';
import type { EmitContext } from '../../types';
import { isNamedVolume, mountsOf } from './mounts';

export interface SpiffeHelper {
  name: string;
  /** The Compose file that it stands in. */
  path: string;
  service: ComposeService;
  /** Short name of its workload: `mcp-gitlab`. */
  workload: string;
  /** What its workload label says, where it has one. */
  label: string | undefined;
  /** Key of the volume that it writes the certificates to. */
  volume: string | undefined;
  /** Its configuration, from the repository's root. */
  configPath: string | undefined;
  /** The services that mount its volume. */
  serves: string[];
}

/** The helpers of the Compose files in use, those of stacks before those of the root; the service's own is left out. */
export function otherHelpers(context: Pick<EmitContext, 'tree' | 'profile'>, own: string): SpiffeHelper[] {
  return observeHelpers(context).filter((helper) => helper.name !== own);
}

/** Every helper of the Compose files in use, where it stands in several once for each. */
export function observeHelpers({ tree, profile }: Pick<EmitContext, 'tree' | 'profile'>): readonly SpiffeHelper[] {
  return helpersIn(tree, profile);
}

const helpersIn = oncePerTree((tree, profile): readonly SpiffeHelper[] => {
  const places = readComposeFiles(tree, profile);
  const mounting = new Map<string, Set<string>>();
  for (const { file } of places)
    for (const service of file.services) {
      if (isHelper(service, profile)) continue;
      for (const { source } of mountsOf(service))
        if (source !== undefined) mounting.set(source, (mounting.get(source) ?? new Set()).add(service.name));
    }
  return places.flatMap(({ path, file }) =>
    file.services
      .filter((service) => isHelper(service, profile))
      .map((service): SpiffeHelper => {
        const volume = certsVolumeOf(service, profile);
        const namespace = profile.naming.labelNamespace;
        return {
          name: service.name,
          path,
          service,
          workload: shortName(service.name, profile),
          label: namespace === undefined ? undefined : service.labels[`${namespace}.workload`],
          volume,
          configPath: configPathOf(service, path, profile),
          serves: volume === undefined ? [] : [...(mounting.get(volume) ?? [])],
        };
      }),
  );
}, concernsCompose);

/** Whether a service is a SPIFFE helper: by its image, or by the platform's way to name them. */
export function isHelper(service: ComposeService, profile: Profile): boolean {
  const image = (service.image ?? '').replace(/@.*$/, '').replace(/:[^/]*$/, '');
  return image.endsWith('/spiffe-helper') || image === 'spiffe-helper' || match(service.name, profile) !== undefined;
}

function shortName(name: string, profile: Profile): string {
  return match(name, profile) ?? name.replace(/[-_](?:spiffe|spire)?[-_]?helper$/, '');
}

/** What `{workload}` is in a name of the platform's own form. */
function match(name: string, profile: Profile): string | undefined {
  const template = profile.spiffe?.helperName ?? '{workload}-spiffe-helper';
  const [before = '', after = ''] = template.split(/\{workload_?\}/);
  const fits = name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length;
  return fits ? name.slice(before.length, name.length - after.length) : undefined;
}

function certsVolumeOf(service: ComposeService, profile: Profile): string | undefined {
  const named = mountsOf(service).filter((mount) => isNamedVolume(mount.source));
  const certs = named.find((mount) => mount.target === profile.spiffe?.certsPath);
  return (certs ?? named.find((mount) => !mount.readOnly))?.source;
}

/** The configuration that a helper mounts; undefined where it mounts none from the platform's folder of configurations. */
export function configPathOf(service: ComposeService, path: string, profile: Profile): string | undefined {
  const folder = `${(profile.spiffe?.helperConfigs ?? '').replace(/\/+$/, '')}/`;
  return mountsOf(service)
    .flatMap(({ source }) =>
      source === undefined || isNamedVolume(source) ? [] : [joinPath(path, source), joinPath('', source)],
    )
    .find((candidate) => candidate.startsWith(folder));
}
