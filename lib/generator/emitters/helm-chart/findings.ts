/** What a chart cannot carry over from the spec, and what in it would not work as it stands: said aloud, never left out silently. */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import type { Profile } from '../../profile';
import type { Finding, ResolvedManifest } from '../../types';
import { ingressAccess, routedPort, type HelmProfile } from './access';
import { chartPorts, chartVolumes } from './values';
import { secretFiles } from './variables';

/**
 * The findings of a chart.
 * @param chart its values file, those environments that the platform has, and what its alerts name.
 */
export function chartFindings(
  manifest: ResolvedManifest,
  profile: Profile & { helm: HelmProfile },
  { path, environments, runbook }: { path: string; environments: readonly Environment[]; runbook: string | undefined },
): Finding[] {
  const kubernetes = manifest.runtime.kubernetes;
  const leftOut = [
    ...containerParts(manifest),
    ...missingEnvironments(profile.helm, kubernetes?.environments ?? []),
    ...secretParts(manifest, profile),
    ...awsParts(manifest, profile, environments),
    ...alertParts(manifest, runbook),
  ];
  const doubts = [...scalingDoubts(manifest), ...networkDoubts(manifest)];
  return [
    ...leftOut.map((message) => ({ kind: 'helm-left-out', path, message })),
    ...doubts.map((message) => ({ kind: 'helm-doubt', path, message })),
    ...entryFindings(manifest, profile.helm, environments).map(({ kind, message }) => ({ kind, path, message })),
  ];
}

function missingEnvironments(helm: HelmProfile, wanted: readonly Environment[]): string[] {
  if (helm.environments.length === 0)
    return wanted.length > 1
      ? [
          `The charts there have one values file each, whatever the environment, and so has this one: nothing is written for ${wanted.join(', ')} apart.`,
        ]
      : [];
  return wanted
    .filter((environment) => !helm.environments.includes(environment))
    .map((environment) => `The platform has no environment ${environment}: the chart has no values for it.`);
}

function containerParts(manifest: ResolvedManifest): string[] {
  const { ports, leftOut } = chartPorts(manifest.ports);
  const udp = ports.filter((port) => port.protocol === 'UDP').map((port) => port.of);
  return [
    ...leftOut.map((port) => `Port range ${port} is not in the chart: so many ports want the host's network.`),
    ...[...new Set(udp)].map(
      (port) => `${port} is reached inside the cluster alone: UDP from outside wants service.type LoadBalancer.`,
    ),
    ...manifest.runtime.volumes.flatMap(({ source }) =>
      source.kind === 'path'
        ? [
            `${source.path} is mounted in Compose alone: a chart holds no files of the repository. Put it into the image, or keep it in a ConfigMap by hand.`,
          ]
        : [],
    ),
    ...(manifest.security.mtls
      ? ['mTLS is for Compose: the chart mounts no SPIFFE identity. In the cluster a service mesh does it.']
      : []),
  ];
}

function secretParts(manifest: ResolvedManifest, profile: Profile & { helm: HelmProfile }): string[] {
  const { helm } = profile;
  const { secrets, parameters } = secretFiles(manifest, profile);
  return [
    ...(Object.keys(secrets).length > 0 && !helm.secretStore
      ? ['The external secret is without its secrets: the profile names no store (helm.secretStore).']
      : []),
    ...(Object.keys(parameters).length > 0 && !helm.parameterStore
      ? ['The external secret is without its parameters: the profile names no store (helm.parameterStore).']
      : []),
  ];
}

function awsParts(manifest: ResolvedManifest, profile: Profile, environments: readonly Environment[]): string[] {
  const { queues, publishes } = manifest.messaging;
  if (queues.length + publishes.length === 0) return [];
  const roles = manifest.runtime.kubernetes?.roleArns ?? {};
  const without = environments.filter((environment) => roles[environment] === undefined);
  const names = [...queues, ...publishes].map((one) => one.environment);
  return [
    ...(profile.aws?.accountId === undefined
      ? [`${names.join(', ')}: not set, since the profile names no AWS account (aws.accountId). Set them under env.`]
      : []),
    ...(without.length > 0
      ? [
          `There is no AWS role for ${without.join(', ')} (runtime.kubernetes.roleArns): without one the service reads no queue there.`,
        ]
      : []),
  ];
}

function alertParts(manifest: ResolvedManifest, runbook: string | undefined): string[] {
  if (manifest.observability.alerts.length === 0) return [];
  if (runbook === undefined) return ['The alerts name no runbook: the service has none. Ask for one (docs.runbook).'];
  return runbook.startsWith('http')
    ? []
    : ['The alerts name the runbook by its path: the profile has no address for it (runbooks.baseUrl).'];
}

function scalingDoubts(manifest: ResolvedManifest): string[] {
  const kubernetes = manifest.runtime.kubernetes;
  if (!kubernetes) return [];
  const { autoscaling, replicas, disruptionBudget } = kubernetes;
  const least = autoscaling ? autoscaling.min : replicas;
  const most = autoscaling ? autoscaling.max : replicas;
  const kept = disruptionBudget?.minAvailable;
  const blocks = kept === '100%' || (typeof kept === 'number' && kept > 0 && kept >= least);
  return [
    ...(blocks
      ? [
          `The disruption budget keeps ${kept} of ${least}: no node that runs it can be drained. Run more, or keep fewer.`,
        ]
      : []),
    ...(most > 1 && chartVolumes(manifest).length > 0
      ? [`Up to ${most} pods share a volume that one node holds (ReadWriteOnce): they run on that node or not at all.`]
      : []),
  ];
}

function networkDoubts(manifest: ResolvedManifest): string[] {
  const policy = manifest.runtime.kubernetes?.networkPolicy;
  if (!policy) return [];
  const allowed = new Set(policy.to.flatMap((peer) => [peer.name, peer.service ?? '']));
  const anywhere = policy.to.some((peer) => peer.namespace !== undefined && peer.service === undefined);
  const blocked = anywhere ? [] : manifest.runtime.dependsOn.filter((name) => !allowed.has(name));
  const { queues, publishes } = manifest.messaging;
  const aws = queues.length + publishes.length > 0;
  const https = policy.to.some(
    (peer) => peer.cidr !== undefined && (peer.ports.length === 0 || peer.ports.includes(443)),
  );
  return [
    ...blocked.map((name) => `The network policy lets it not reach ${name}, which it depends on. Add it under to.`),
    ...(aws && !https ? ['The network policy lets it not reach AWS: add the addresses and port 443 under to.'] : []),
  ];
}

function entryFindings(
  manifest: ResolvedManifest,
  helm: HelmProfile,
  environments: readonly Environment[],
): { kind: string; message: string }[] {
  const { routing } = manifest;
  if (!routing || !routedPort(manifest, chartPorts(manifest.ports).ports)) return [];
  if (!ingressAccess(manifest, helm).guarded)
    return [
      {
        kind: 'ingress-off',
        message: helm.gateway
          ? 'The route is off: the profile names nothing that asks people to sign in before it (helm.gateway.forwardAuth), and without it everybody could come in.'
          : 'The ingress is off: the profile names no annotations that ask people to sign in before it (helm.ingressAnnotations.forwardAuth), and without them everybody could come in.',
      },
    ];
  const without = environments.filter((environment) => helm.hosts[environment] === undefined);
  return [
    ...(without.length > 0
      ? [
          {
            kind: 'ingress-off',
            message: `No host for ${without.join(', ')} in the profile (helm.hosts): it is not routed there.`,
          },
        ]
      : []),
    ...(routing.aliases.length > 0
      ? [
          {
            kind: 'helm-left-out',
            message: `${routing.aliases.join(', ')}: only the proxy answers there; in the cluster there is one host per environment.`,
          },
        ]
      : []),
  ];
}
