/** What the container is told: its environment variables, everywhere and in one environment, and its secrets as files. */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import { messagingVariables, oauthVariables, secretsOf, secretVariables, storedNameOf } from '../../naming';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { hostIn, type HelmProfile } from './access';
import { chartPorts } from './values';

/** Secrets and parameters as files, file to full name in the store: a key of a Kubernetes Secret holds no slash. */
export function secretFiles(
  manifest: ResolvedManifest,
  profile: Profile,
): { secrets: Record<string, string>; parameters: Record<string, string> } {
  const files = { secrets: {} as Record<string, string>, parameters: {} as Record<string, string> };
  const taken = new Set<string>();
  for (const secret of secretsOf(manifest)) {
    const base = secret.name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '') || 'secret';
    let file = base;
    for (let count = 2; taken.has(file); count += 1) file = `${base}-${count}`;
    taken.add(file);
    files[secret.store === 'parameter' ? 'parameters' : 'secrets'][file] = storedNameOf(secret, profile);
  }
  return files;
}

/** The container's variables that are the same everywhere: the spec's own, names of secrets, the OAuth client's, queues and topics. */
export function chartVariables(manifest: ResolvedManifest, profile: Profile): Record<string, string> {
  const callback = manifest.security.oauth?.callbackEnvironment;
  const account = profile.aws?.accountId;
  return Object.fromEntries(
    [
      ...manifest.runtime.environment,
      ...secretVariables(manifest, profile),
      ...oauthVariables(manifest, profile).filter((variable) => variable.name !== callback),
      ...(account === undefined ? [] : messagingVariables(manifest, profile, account)),
    ].map((variable) => [variable.name, variable.value]),
  );
}

/** The variables of one environment: where people come back to after signing in. */
export function environmentVariables(
  manifest: ResolvedManifest,
  helm: HelmProfile,
  environment: Environment,
): Record<string, string> {
  const { oauth } = manifest.security;
  const host = hostIn(environment, manifest, helm, chartPorts(manifest.ports).ports);
  return oauth && host !== undefined ? { [oauth.callbackEnvironment]: `https://${host}${oauth.callbackPath}` } : {};
}
