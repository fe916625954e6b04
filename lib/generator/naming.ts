/** What a service's parts are called on this platform, and what its environment is wired with. One place, since five emitters repeat the names. */
import type { ManifestSecret } from '@/lib/services/manifest-security';
import { storedSecretName } from './operations';
import type { Profile } from './profile';
import type { ResolvedManifest } from './types';

/** The short name of the workload: `mcp-gitlab` for the service `mcp-server-gitlab`, where the spec says so. */
export function workloadOf(manifest: Pick<ResolvedManifest, 'name' | 'workload'>): string {
  return manifest.workload ?? manifest.name;
}

/** Names of a service's SPIFFE parts; undefined where it does not ask for mTLS or the platform has no SPIFFE. */
export interface SpiffeNames {
  /** Compose service of the helper, and its workload label: `mcp-gitlab-spiffe-helper`. */
  helper: string;
  /** `config/spiffe-helper/mcp-gitlab-helper.conf`. */
  configPath: string;
  /** Volume that both mount: `mcp_gitlab_certs`. */
  certsVolume: string;
}

export function spiffeNamesOf(manifest: ResolvedManifest, profile: Profile): SpiffeNames | undefined {
  const { spiffe } = profile;
  if (!manifest.security.mtls || !spiffe) return undefined;
  const workload = workloadOf(manifest);
  const fill = (template: string) =>
    template.replaceAll('{workload}', workload).replaceAll('{workload_}', workload.replaceAll('-', '_'));
  return {
    helper: fill(spiffe.helperName),
    configPath: `${spiffe.helperConfigs.replace(/\/+$/, '')}/${fill(spiffe.helperFile)}`,
    certsVolume: fill(spiffe.certsVolume),
  };
}

/** Every secret of the service, the OAuth client's among them, as the spec names them. */
export function secretsOf(manifest: ResolvedManifest): ManifestSecret[] {
  const { oauth, secrets } = manifest.security;
  if (!oauth) return secrets;
  return [
    ...secrets,
    {
      name: oauth.secretName ?? `${manifest.name}/oauth`,
      environment: oauth.secretEnvironment,
      purpose: 'OAuth client of the service at the identity provider',
      source: 'provided',
      store: 'secret',
    },
  ];
}

/** The variables of the OAuth client that are no secrets: issuer, redirect address and, where it is known, the client's id. */
export function oauthVariables(manifest: ResolvedManifest, profile: Profile): { name: string; value: string }[] {
  const { oauth } = manifest.security;
  if (!oauth) return [];
  return [
    ...(profile.oauth ? [{ name: oauth.issuerEnvironment, value: profile.oauth.issuer }] : []),
    ...(oauth.clientId === undefined ? [] : [{ name: oauth.clientIdEnvironment, value: oauth.clientId }]),
    ...(manifest.routing
      ? [{ name: oauth.callbackEnvironment, value: `https://${manifest.routing.host}${oauth.callbackPath}` }]
      : []),
  ];
}

/**
 * A secret's full name in its store. A parameter's name with a `/` in it starts with one: the Parameter Store takes no other
 * (`/ravenhelm/livekit/region` for `livekit/region`).
 */
export function storedNameOf(secret: Pick<ManifestSecret, 'name' | 'store'>, profile: Profile): string {
  if (secret.store === 'secret') return storedSecretName(profile, secret.name);
  const absolute = profile.naming.secretPrefix.startsWith('/') && secret.name.startsWith('/');
  const full = storedSecretName(profile, absolute ? secret.name : secret.name.replace(/^\/+/, ''));
  return full.includes('/') && !full.startsWith('/') ? `/${full}` : full;
}

/** The variables that carry names of secrets, in the order of the spec: name of the variable, full name in the store. */
export function secretVariables(manifest: ResolvedManifest, profile: Profile): { name: string; value: string }[] {
  return secretsOf(manifest).map((secret) => ({ name: secret.environment, value: storedNameOf(secret, profile) }));
}

/** The account that LocalStack's names are in, where nobody chose another. */
export const LOCALSTACK_ACCOUNT = '000000000000';

/** What a queue's dead-letter queue is called. */
export function deadLetterNameOf(queue: { name: string }): string {
  return `${queue.name}-dlq`;
}

/**
 * The variables that carry where messages come from and go to: a queue's URL, a topic's ARN. Of LocalStack, as Compose services find it, where no
 * account is given; LocalStack's usual address where the profile names none. Nothing where the platform has neither: no queue is made there.
 */
export function messagingVariables(
  manifest: ResolvedManifest,
  profile: Profile,
  accountId?: string,
): { name: string; value: string }[] {
  const region = profile.aws?.region ?? 'us-east-1';
  const account = accountId ?? LOCALSTACK_ACCOUNT;
  const endpoint =
    accountId === undefined
      ? (profile.secrets?.endpoint ?? 'http://localstack:4566').replace(/\/+$/, '')
      : `https://sqs.${region}.amazonaws.com`;
  const { queues, publishes } = manifest.messaging;
  if (accountId === undefined && !profile.secrets && !profile.aws) return [];
  return [
    ...queues.map((queue) => ({ name: queue.environment, value: `${endpoint}/${account}/${queue.name}` })),
    ...publishes.map((one) => ({ name: one.environment, value: `arn:aws:sns:${region}:${account}:${one.topic}` })),
  ];
}
