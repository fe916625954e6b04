/** A spec as the values of its chart: what Kubernetes needs to know, named the way Kubernetes accepts it. */
import { type ManifestPort } from '@/lib/services/manifest';
import { formatPortRange } from '@/lib/services/port-range';
import type { Environment } from '@/lib/services/manifest-kubernetes';
import { environmentName } from '../../chart-environments';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';

export interface ChartPort {
  name: string;
  containerPort: number;
  protocol: 'TCP' | 'UDP';
  /** The port of the spec that it is, or is part of. */
  of: string;
}

export interface ChartVolume {
  name: string;
  mounts: { path: string; readOnly: boolean }[];
}

/** More ports than these in one range are not for a Service: such media ports want the host's network. */
const LONGEST_RANGE = 32;
const PORT_NAME_LENGTH = 15;

/** The container's ports, one by one, under names that Kubernetes takes: a letter, at most 15 characters, no double hyphen, each once. */
export function chartPorts(ports: readonly Pick<ManifestPort, 'name' | 'protocol' | 'internal'>[]): {
  ports: ChartPort[];
  leftOut: string[];
} {
  const names = new Set<string>();
  const listed: ChartPort[] = [];
  const leftOut: string[] = [];
  const claim = (wanted: string, fallback: string) => {
    const tidy = wanted.replace(/-{2,}/g, '-');
    let name = names.has(tidy) || tidy.length > PORT_NAME_LENGTH ? fallback : tidy;
    for (let count = 2; names.has(name); count += 1) name = `${fallback.slice(0, PORT_NAME_LENGTH - 4)}-${count}`;
    names.add(name);
    return name;
  };
  // Single ports first: the ingress and the probes name them, so they keep the name that the spec gave.
  for (const single of [true, false])
    for (const port of ports) {
      const { from, to } = port.internal;
      if ((from === to) !== single) continue;
      if (to - from >= LONGEST_RANGE) {
        leftOut.push(`${port.name} (${formatPortRange(port.internal)}/${port.protocol})`);
        continue;
      }
      for (let number = from; number <= to; number += 1)
        listed.push({
          name: claim(single ? port.name : `${port.name}-${number}`, `p${number}-${port.protocol}`),
          containerPort: number,
          protocol: port.protocol === 'tcp' ? 'TCP' : 'UDP',
          of: port.name,
        });
    }
  return { ports: listed, leftOut };
}

/** Named volumes as claims, each once however often it is mounted, under names that Kubernetes takes. */
export function chartVolumes(manifest: ResolvedManifest): ChartVolume[] {
  const names = new Set<string>(['tmp', 'secrets']);
  const volumes = new Map<string, ChartVolume>();
  for (const mount of manifest.runtime.volumes) {
    if (mount.source.kind !== 'volume') continue;
    let volume = volumes.get(mount.source.name);
    if (!volume) {
      const base = mount.source.name.replace(/_/g, '-').replace(/-+$/, '') || 'data';
      let name = base;
      for (let count = 2; names.has(name); count += 1) name = `${base}-${count}`;
      names.add(name);
      volume = { name, mounts: [] };
      volumes.set(mount.source.name, volume);
    }
    volume.mounts.push({ path: mount.target, readOnly: mount.readOnly });
  }
  return [...volumes.values()];
}

/** The image's parts. One that the platform builds is where its delivery pushes it, else in the charts' registry. */
export function chartImage(
  manifest: ResolvedManifest,
  { helm, delivery }: Pick<Profile, 'helm' | 'delivery'>,
): { repository: string; tag: string; digest: string } {
  const { source } = manifest.runtime;
  const own = manifest.delivery && delivery?.imageRegistry;
  const registry = own ?? helm?.imageRegistry ?? delivery?.imageRegistry;
  if (source.kind === 'build')
    return {
      repository: registry === undefined ? manifest.name : `${registry.replace(/\/+$/, '')}/${manifest.name}`,
      tag: '0.1.0',
      digest: '',
    };
  const [named = '', digest = ''] = source.image.split('@');
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  return { repository: tagged ? named.slice(0, colon) : named, tag: tagged ? named.slice(colon + 1) : '', digest };
}

/** The cost tags: those that are the same everywhere, and those of one environment. */
export function costLabels(
  manifest: ResolvedManifest,
  profile: Profile,
  environment: Environment | undefined,
): Record<string, string> {
  const templates: Record<string, string> = {
    Project: profile.naming.project ?? profile.platform.name,
    Owner: '{owner}',
    Component: '{service}',
    Env: '{environment}',
    ...profile.helm?.costLabels,
  };
  return Object.fromEntries(
    Object.entries(templates)
      .filter(([, template]) => template.includes('{environment}') === (environment !== undefined))
      .map(([key, template]) => [
        key,
        labelValue(
          template
            .replaceAll('{service}', manifest.name)
            .replaceAll('{owner}', manifest.owner)
            .replaceAll('{category}', manifest.category)
            .replaceAll('{environment}', environment === undefined ? '' : environmentName(profile.helm, environment)),
        ),
      ]),
  );
}

/** What Kubernetes takes as a label's value: at most 63 letters, digits, `.`, `_`, `-`, a letter or digit at both ends. */
function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}
