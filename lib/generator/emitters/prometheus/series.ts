/** By which labels Prometheus knows a service's metrics, as its configuration stands: a job of its own, or an address in a job of many. */
import { parseYaml } from '../../yaml/parse';
import type { EmitContext } from '../../types';
import { readPrometheus, type PrometheusFile } from './config';
import { isTargetOf, metricsTarget } from './target';

/** What Prometheus' configuration says; undefined where the platform has none that can be read. */
export function prometheusOf({ profile, tree }: Pick<EmitContext, 'profile' | 'tree'>): PrometheusFile | undefined {
  const path = profile.observability?.prometheus;
  const text = path === undefined ? undefined : tree.read(path);
  if (path === undefined || text === undefined) return undefined;
  const parsed = parseYaml(text, path);
  return parsed.ok ? readPrometheus(parsed.yaml) : undefined;
}

/** `job="livekit"` or `instance="livekit:6789"`; undefined where nothing collects the service's metrics. */
export function metricsSeries(context: EmitContext): string | undefined {
  const { manifest } = context;
  if (!manifest.observability.metrics) return undefined;
  const file = prometheusOf(context);
  const target = file && metricsTarget(context, file);
  if (!file || !target) return manifest.runtime.kubernetes ? `service="${manifest.name}"` : undefined;
  const job = file.jobs.find(
    (one) =>
      !one.isProbe &&
      one.staticConfigs.some((config) => config.targets.some((address) => isTargetOf(context, address))),
  );
  return job?.name === manifest.name ? `job="${manifest.name}"` : `instance="${target.target}"`;
}
