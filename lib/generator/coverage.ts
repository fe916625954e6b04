/** What a spec asks for and a platform has no place for: it is said, never left out silently. */
import { foreignDelivery } from './detect/foreign-delivery';
import { chartFileNames, generatedFinding, generatorOf } from './emitters/argocd/generators';
import { sharedChartFindings } from './emitters/argocd/shared';
import { chartOf, isFileEach } from './emitters/chart-choice';
import { chartFolder } from './emitters/helm-chart/emit';
import { profilePath, type Profile } from './profile';
import type { Finding, Refusal, ResolvedManifest, Tree } from './types';

interface Covered {
  manifest: ResolvedManifest;
  profile: Profile;
  tree: Tree;
}

/** A finding for each thing asked for that the profile has no group for. */
export function notCovered({ manifest, profile, tree }: Covered): Finding[] {
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
  const elsewhere =
    runtime.kubernetes && !profile.helm && runsNowhere({ manifest, profile, tree }).length === 0
      ? foreignDelivery(tree, manifest)
      : [];
  const uncovered = asked
    .filter(([wanted, has]) => wanted && !has)
    .map(([, , what, key]) => ({
      kind: 'not-covered',
      path: profilePath,
      message: `${what}, and the platform's profile has no \`${key}\`: nothing is written for it.`,
    }));
  return [...uncovered, ...elsewhere, ...chartWithoutRunner({ manifest, profile, tree })];
}

/**
 * What is refused since the service would run nowhere: it is for Kubernetes alone, and the platform keeps what runs there in a way that Slipway does
 * not write.
 */
export function runsNowhere({ manifest, profile, tree }: Covered): Refusal[] {
  const { kubernetes, compose } = manifest.runtime;
  if (!kubernetes || profile.helm || (compose && profile.compose)) return [];
  return foreignDelivery(tree, manifest).map(({ path, message }) => ({ path, reason: message }));
}

/** A chart of its own where the profile knows of no Argo CD: who runs it, if anybody does. */
function chartWithoutRunner({ manifest, profile, tree }: Covered): Finding[] {
  const { helm } = profile;
  if (!helm || profile.argocd) return [];
  if (helm.shared && isFileEach(helm.shared) && chartOf(manifest, profile) === 'shared')
    return sharedChartFindings({ manifest, profile, tree }, []);
  if (chartOf(manifest, profile) !== 'own') return [];
  const chart = chartFolder(helm, manifest.name);
  const generator = generatorOf(tree, chart, chartFileNames(helm));
  if (generator) return [generatedFinding(generator, chart)];
  const flux = foreignDelivery(tree, manifest).filter(({ kind }) => kind === 'flux');
  if (flux.length > 0) return flux;
  return [
    {
      kind: 'chart-without-runner',
      path: chart,
      message: `Nothing in the repository runs the charts in ${helm.charts}: there is no application of Argo CD for them and no ApplicationSet that finds them. ${manifest.name} has a chart, and starts nowhere until somebody installs it. If Argo CD runs them, say where its applications are (argocd.applications).`,
    },
  ];
}
