/** Which target Prometheus asks for a service's metrics: its service's or container's name on the shared network, or a port of the host. */
import { containerNameOf } from '../../container-name';
import { serviceNames } from '../../observe/service-names';
import type { EmitContext } from '../../types';
import { splitTarget, type PrometheusFile } from './config';

/** What the targets of this file are called after. */
type Reach = 'service' | 'container' | 'host';

export interface MetricsTarget {
  host: string;
  /** `livekit:6789`. */
  target: string;
  path: string;
  intervalSeconds: number;
  /** Whether the house reaches targets by the host's ports and this one is not published, so that its name on the network is taken. */
  notPublished: boolean;
}

/** Where the service's metrics are; undefined where it has none, or runs elsewhere than in Compose. */
export function metricsTarget(context: EmitContext, file: PrometheusFile): MetricsTarget | undefined {
  const { manifest, profile } = context;
  const { metrics } = manifest.observability;
  if (!metrics || !manifest.runtime.compose) return undefined;
  const port = manifest.ports.find(
    (one) => one.protocol === 'tcp' && (metrics.port === undefined || one.name === metrics.port),
  );
  if (!port) return undefined;
  const reach = reachOf(context, file);
  const { path, intervalSeconds } = metrics;
  const dockerHost = profile.traefik?.dockerHost ?? 'host.docker.internal';
  if (reach === 'host' && port.external !== 'none')
    return {
      host: dockerHost,
      target: `${dockerHost}:${port.external.from}`,
      path,
      intervalSeconds,
      notPublished: false,
    };
  const host = reach === 'container' ? containerNameOf(context) : manifest.name;
  return { host, target: `${host}:${port.internal.from}`, path, intervalSeconds, notPublished: reach === 'host' };
}

/** The targets among those given that are the service's, however people reach it. */
export function isTargetOf(context: EmitContext, target: string): boolean {
  const { manifest, profile } = context;
  const { host, port } = splitTarget(target);
  if (host === manifest.name || host === containerNameOf(context)) return true;
  const dockerHost = profile.traefik?.dockerHost ?? 'host.docker.internal';
  const metrics = manifest.observability.metrics?.port;
  const own = manifest.ports.find((one) => one.protocol === 'tcp' && (metrics === undefined || one.name === metrics));
  return host === dockerHost && own !== undefined && own.external !== 'none' && String(own.external.from) === port;
}

function reachOf({ tree, profile, manifest }: EmitContext, file: PrometheusFile): Reach {
  const services = serviceNames(tree, profile).filter((service) => service.name !== manifest.name);
  const names = new Set(services.map((service) => service.name));
  const containers = new Set(services.flatMap((service) => service.containerName ?? []));
  const dockerHost = profile.traefik?.dockerHost ?? 'host.docker.internal';
  const counts: Record<Reach, number> = { service: 0, container: 0, host: 0 };
  for (const job of file.jobs.filter((one) => !one.isProbe))
    for (const target of job.staticConfigs.flatMap((config) => config.targets)) {
      const { host } = splitTarget(target);
      if (names.has(host)) counts.service += 1;
      else if (containers.has(host)) counts.container += 1;
      else if (host === dockerHost || host === 'host.docker.internal') counts.host += 1;
    }
  const [best] = (['service', 'container', 'host'] as const).slice().sort((a, b) => counts[b] - counts[a]);
  return best ?? 'service';
}
