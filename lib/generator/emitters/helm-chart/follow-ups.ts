/** What a person does before the chart runs: the image, the roles that trust it, its secrets in AWS, names and certificates. */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import type { Profile } from '../../profile';
import type { FollowUp, ResolvedManifest } from '../../types';
import { entryOf, hostIn, ingressAccess, type HelmProfile } from './access';
import { chartPorts } from './values';
import { secretFiles } from './variables';

/** @param chart its values file, and those environments that the platform has. */
export function chartFollowUps(
  manifest: ResolvedManifest,
  profile: Profile & { helm: HelmProfile },
  { path, environments }: { path: string; environments: readonly Environment[] },
): FollowUp[] {
  return [
    ...(manifest.runtime.source.kind === 'build' ? [pushImage(manifest, path)] : []),
    ...trustRoles(manifest, profile.helm, environments),
    ...fillStores(manifest, profile, environments),
    ...nameHosts(manifest, profile.helm, environments),
  ];
}

function pushImage({ name }: ResolvedManifest, path: string): FollowUp {
  return {
    phase: 'resources',
    key: 'image',
    title: `Push the image of ${name} and set its tag`,
    detail: `The chart runs image.repository with the tag in ${path}.`,
  };
}

/** A role is of use only where it trusts the service account of this very namespace. */
function trustRoles(
  { name, runtime }: ResolvedManifest,
  helm: HelmProfile,
  environments: readonly Environment[],
): FollowUp[] {
  return environments.flatMap((environment): FollowUp[] => {
    const role = runtime.kubernetes?.roleArns[environment];
    if (role === undefined) return [];
    const namespace = helm.namespaces[environment]?.replaceAll('{service}', name) ?? 'NAMESPACE';
    return [
      {
        phase: 'identity',
        key: `role:${name}-${environment}`,
        title: `See that ${role} trusts the service account of ${name} in ${environment}`,
        detail: `Its trust policy names the cluster's OIDC provider and the subject system:serviceaccount:${namespace}:${name}.`,
      },
    ];
  });
}

function fillStores(
  manifest: ResolvedManifest,
  profile: Profile & { helm: HelmProfile },
  environments: readonly Environment[],
): FollowUp[] {
  const { secretStore, parameterStore } = profile.helm;
  const { secrets, parameters } = secretFiles(manifest, profile);
  const region = profile.aws === undefined ? '' : ` --region ${profile.aws.region}`;
  const where = environments.join(', ');
  const step = (name: string, store: string, command: string): FollowUp => ({
    phase: 'secrets',
    key: `aws-secret:${name}`,
    title: `Put ${name} into the ${store} of ${where}`,
    detail:
      'The external secret copies it from there; until then its pods do not start. The value comes from standard input.',
    command: `${command}${region}`,
  });
  return [
    ...(secretStore ? Object.values(secrets) : []).map((name) =>
      step(
        name,
        'Secrets Manager',
        `aws secretsmanager create-secret --name ${name} --secret-string file:///dev/stdin`,
      ),
    ),
    ...(parameterStore ? Object.values(parameters) : []).map((name) =>
      step(
        name,
        'Parameter Store',
        `aws ssm put-parameter --name ${name} --type SecureString --value file:///dev/stdin`,
      ),
    ),
  ];
}

function nameHosts(manifest: ResolvedManifest, helm: HelmProfile, environments: readonly Environment[]): FollowUp[] {
  const { ports } = chartPorts(manifest.ports);
  const hosts = environments.flatMap((environment) => hostIn(environment, manifest, helm, ports) ?? []);
  if (hosts.length === 0) return [];
  const issued = Object.keys(ingressAccess(manifest, helm).annotations).some((key) =>
    key.startsWith('cert-manager.io/'),
  );
  const certificate =
    entryOf(helm) === 'route'
      ? "The gateway's listener needs a certificate for them."
      : issued
        ? 'cert-manager makes the certificates.'
        : `The certificates are in the secret ${manifest.name}-tls of each namespace, unless the controller has a wildcard of its own.`;
  return [
    {
      phase: 'names',
      key: `cluster-hosts:${manifest.name}`,
      title: `Point ${hosts.join(', ')} to the cluster`,
      detail: certificate,
    },
  ];
}
