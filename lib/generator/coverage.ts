/** What a spec asks for and a platform has no place for: it is said, never left out silently. */
import { foreignDelivery } from './detect/foreign-delivery';
import { profilePath, type Profile } from './profile';
import type { Finding, ResolvedManifest, Tree } from './types';

/** A finding for each thing asked for that the profile has no group for. */
export function notCovered({
  manifest,
  profile,
  tree,
}: {
  manifest: ResolvedManifest;
  profile: Profile;
  tree: Tree;
}): Finding[] {
  const { runtime, security, observability, messaging } = manifest;
  const hasQueues = messaging.queues.length + messaging.publishes.length > 0;
  const asked: [asked: boolean, has: unknown, what: string, key: string][] = [
    [manifest.ports.length > 0, profile.ports, 'The service has ports', 'ports'],
    [runtime.compose !== undefined, profile.compose, 'The service runs in Compose', 'compose'],
    [runtime.kubernetes !== undefined, profile.helm, 'The service runs in Kubernetes', 'helm'],
    [manifest.routing !== undefined, profile.traefik, 'The service has a host', 'traefik'],
    [manifest.runbook !== undefined, profile.runbooks, 'The service has a runbook', 'runbooks'],
    [security.mtls, profile.spiffe, 'The service asks for mTLS', 'spiffe'],
    [security.oauth !== undefined, profile.oauth, 'The service signs people in itself', 'oauth'],
    [
      hasQueues,
      profile.secrets?.localstackInit ?? profile.aws?.messaging,
      'The service has queues or topics',
      'aws.messaging',
    ],
    [
      observability.metrics !== undefined && runtime.compose !== undefined,
      profile.observability?.prometheus,
      'The service has metrics',
      'observability.prometheus',
    ],
    [observability.probe, profile.observability?.prometheus, 'The host is to be probed', 'observability.prometheus'],
    [
      observability.dashboard,
      profile.observability?.dashboards,
      'The service wants a dashboard',
      'observability.dashboards',
    ],
    [
      observability.alerts.length > 0,
      profile.observability?.rules ?? (runtime.kubernetes && profile.helm),
      'The service has alerts',
      'observability.rules',
    ],
    [manifest.delivery !== undefined, profile.delivery, 'The service is delivered from its code', 'delivery'],
  ];
  const elsewhere = runtime.kubernetes && !(profile.helm && profile.argocd) ? foreignDelivery(tree) : [];
  const uncovered = asked
    .filter(([wanted, has]) => wanted && !has)
    .map(([, , what, key]) => ({
      kind: 'not-covered',
      path: profilePath,
      message: `${what}, and the platform's profile has no \`${key}\`: nothing is written for it.`,
    }));
  return [...uncovered, ...elsewhere];
}
