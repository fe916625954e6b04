/** The blocks of the values that those who run a service look at: who watches it, and how many of it there are. */
import type { ManifestAlert } from '@/lib/services/manifest-operations';
import { messagingVariables } from '../../naming';
import type { Profile } from '../../profile';
import type { EmitContext, ResolvedManifest } from '../../types';
import type { YamlValue } from '../../yaml/render';
import { runbookOf } from '../runbook/address';
import type { ChartPort } from './values';

/** Where an alert sends whoever is called: the runbook's web address, or its path where the profile has no base for addresses. */
export function runbookLink(context: EmitContext): string | undefined {
  const runbook = runbookOf(context);
  return runbook?.url ?? runbook?.path;
}

/** `serviceMonitor`: what Prometheus reads, off where the spec names no metrics. */
export function monitorValues(
  manifest: ResolvedManifest,
  profile: Profile,
  ports: readonly ChartPort[],
): Record<string, YamlValue> {
  const { metrics } = manifest.observability;
  const port = ports.find((one) => one.protocol === 'TCP' && (metrics?.port === undefined || one.of === metrics.port));
  const [path = '/metrics', query = ''] = (metrics?.path ?? '/metrics').split('?');
  const params = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(query)) params.set(key, [...(params.get(key) ?? []), value]);
  return {
    enabled: metrics !== undefined && port !== undefined,
    port: port?.name ?? '',
    path,
    params: Object.fromEntries(params),
    interval: `${metrics?.intervalSeconds ?? 30}s`,
    labels: profile.helm?.monitorLabels ?? {},
  };
}

/** `prometheusRule`: when somebody is called, off where the spec has no alerts. */
export function ruleValues(
  manifest: ResolvedManifest,
  profile: Profile,
  runbook: string | undefined,
): Record<string, YamlValue> {
  const { alerts } = manifest.observability;
  return {
    enabled: alerts.length > 0,
    labels: profile.helm?.monitorLabels ?? {},
    runbookUrl: runbook ?? '',
    alerts: alerts.map(alertValue),
  };
}

function alertValue(alert: ManifestAlert): YamlValue {
  return {
    name: alert.name,
    expression: alert.expression,
    ...(alert.forMinutes === 0 ? {} : { for: `${alert.forMinutes}m` }),
    severity: alert.severity,
    summary: alert.summary,
  };
}

/** `autoscaling`: by load, off where the spec does not ask for it. */
export function loadScaling({ runtime }: ResolvedManifest): Record<string, YamlValue> {
  const scaling = runtime.kubernetes?.autoscaling;
  const load = scaling?.kind === 'load' ? scaling : undefined;
  return {
    enabled: load !== undefined,
    minReplicas: load?.min ?? 1,
    maxReplicas: load?.max ?? 3,
    cpuPercent: load?.cpuPercent ?? 80,
    // 0: memory does not count.
    memoryPercent: load?.memoryPercent ?? 0,
  };
}

/** `queueScaling`: by what waits in an SQS queue. The queue's name does where the account is not known; KEDA finds it by that. */
export function queueScaling(manifest: ResolvedManifest, profile: Profile): Record<string, YamlValue> {
  const scaling = manifest.runtime.kubernetes?.autoscaling;
  const asked = scaling?.kind === 'queue' ? scaling : undefined;
  const queue = manifest.messaging.queues.find((one) => one.name === asked?.queue);
  const account = profile.aws?.accountId;
  const known = account === undefined ? [] : messagingVariables(manifest, profile, account);
  return {
    enabled: asked !== undefined,
    queueURL: known.find((variable) => variable.name === queue?.environment)?.value ?? queue?.name ?? '',
    region: profile.aws?.region ?? 'us-east-1',
    messagesPerReplica: asked?.messagesPerReplica ?? 5,
    minReplicas: asked?.min ?? 0,
    maxReplicas: asked?.max ?? 3,
  };
}
