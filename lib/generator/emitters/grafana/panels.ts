/** The panels of a service's dashboard: only what can have data, because somebody collects it. */
import { containerNameOf } from '../../container-name';
import type { EmitContext } from '../../types';
import { parseYaml } from '../../yaml/parse';
import { asRecord } from '../../yaml/read';
import { probeTarget } from '../prometheus/probe';
import { metricsSeries, prometheusOf } from '../prometheus/series';
import type { DashboardHouse, DatasourceReference } from './siblings';

interface Query {
  expr: string;
  legendFormat?: string;
}

interface Panel {
  type: 'stat' | 'timeseries' | 'logs';
  title: string;
  source: DatasourceReference;
  queries: Query[];
  unit?: string;
  /** Whether 1 and 0 mean yes and no. */
  yesNo?: boolean;
  height: number;
}

/** The panels in rows of 24 columns, each kind in a row of its own; empty where nothing about the service is collected. */
export function panelsOf(context: EmitContext, house: DashboardHouse): object[] {
  const rows = [answering(context, house), container(context, house), traffic(context, house), logs(context, house)];
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    const w = 24 / Math.max(row.length, 1);
    row.forEach((panel, index) => {
      panels.push(render(panel, panels.length + 1, { h: panel.height, w, x: index * w, y }));
    });
    y += Math.max(0, ...row.map((panel) => panel.height));
  }
  return panels;
}

function render(panel: Panel, id: number, gridPos: object): object {
  const defaults = {
    ...(panel.unit === undefined ? {} : { unit: panel.unit }),
    ...(panel.type === 'timeseries' ? { min: 0 } : {}),
    ...(panel.yesNo ? answers : {}),
  };
  return {
    id,
    type: panel.type,
    title: panel.title,
    datasource: { type: panel.source.type, uid: panel.source.uid },
    ...(panel.type === 'logs' ? {} : { fieldConfig: { defaults, overrides: [] } }),
    gridPos,
    targets: panel.queries.map((query, index) => ({
      refId: String.fromCharCode(65 + index),
      expr: query.expr,
      ...(query.legendFormat === undefined ? {} : { legendFormat: query.legendFormat }),
    })),
  };
}

/** 1 and 0 as words and colours. */
const answers = {
  mappings: [
    {
      type: 'value',
      options: { '0': { text: 'no', color: 'red' }, '1': { text: 'yes', color: 'green' } },
    },
  ],
  noValue: 'no data',
};

function answering(context: EmitContext, { prometheus }: DashboardHouse): Panel[] {
  const panels: Panel[] = [];
  const probe = probeTarget(context);
  const probed = probe !== undefined && isAsked(context, probe);
  if (probed)
    panels.push(
      {
        type: 'stat',
        title: 'Answers on its host',
        yesNo: true,
        source: prometheus,
        queries: [{ expr: `probe_success{instance="${probe}"}` }],
        height: 5,
      },
      {
        type: 'stat',
        title: 'Certificate ends in',
        source: prometheus,
        queries: [{ expr: `probe_ssl_earliest_cert_expiry{instance="${probe}"} - time()` }],
        unit: 's',
        height: 5,
      },
    );
  const series = metricsSeries(context);
  if (series !== undefined)
    panels.push(
      {
        type: 'stat',
        title: 'Answers Prometheus',
        yesNo: true,
        source: prometheus,
        queries: [{ expr: `up{${series}}` }],
        height: 5,
      },
      {
        type: 'timeseries',
        title: 'Time to read its metrics',
        source: prometheus,
        queries: [{ expr: `scrape_duration_seconds{${series}}`, legendFormat: '{{instance}}' }],
        unit: 's',
        height: 5,
      },
    );
  return panels;
}

function isAsked(context: EmitContext, probe: string): boolean {
  const jobs = prometheusOf(context)?.jobs ?? [];
  return jobs.some((job) => job.isProbe && job.staticConfigs.some((config) => config.targets.includes(probe)));
}

/** CPU and memory: by container name through cAdvisor, in a cluster by pod. */
function container(context: EmitContext, { prometheus }: DashboardHouse): Panel[] {
  const { manifest } = context;
  const jobs = prometheusOf(context)?.jobs ?? [];
  const hasCadvisor = jobs.some((job) =>
    /cadvisor/i.test(`${job.name} ${job.staticConfigs.flatMap((config) => config.targets).join(' ')}`),
  );
  const inCompose = manifest.runtime.compose !== undefined && hasCadvisor;
  const selector = inCompose
    ? `name="${containerNameOf(context)}"`
    : manifest.runtime.kubernetes && !manifest.runtime.compose
      ? `container="${manifest.name}"`
      : undefined;
  if (selector === undefined) return [];
  const legendFormat = inCompose ? '{{name}}' : '{{namespace}} {{pod}}';
  return [
    {
      type: 'timeseries',
      title: 'CPU',
      source: prometheus,
      queries: [{ expr: `rate(container_cpu_usage_seconds_total{${selector}}[5m])`, legendFormat }],
      height: 8,
    },
    {
      type: 'timeseries',
      title: 'Memory',
      source: prometheus,
      queries: [{ expr: `container_memory_working_set_bytes{${selector}}`, legendFormat }],
      unit: 'bytes',
      height: 8,
    },
  ];
}

/** Requests, errors and how long they take, as Traefik counts them: by router where it labels them so, else by service. */
function traffic(context: EmitContext, { prometheus }: DashboardHouse): Panel[] {
  const { manifest, profile } = context;
  const { traefik } = profile;
  const jobs = prometheusOf(context)?.jobs ?? [];
  const isRead = jobs.some((job) =>
    /traefik/i.test(`${job.name} ${job.staticConfigs.flatMap((config) => config.targets).join(' ')}`),
  );
  if (!traefik || !manifest.routing || !manifest.runtime.compose || !isRead) return [];
  const byRouter = labelsRouters(context);
  const kind = byRouter ? 'router' : 'service';
  const name = `${manifest.name}${byRouter ? traefik.routerSuffix : traefik.serviceSuffix}@file`;
  const selector = `${kind}="${name}"`;
  const requests = `traefik_${kind}_requests_total`;
  return [
    {
      type: 'timeseries',
      title: 'Requests per second, by code',
      source: prometheus,
      queries: [{ expr: `sum by (code) (rate(${requests}{${selector}}[5m]))`, legendFormat: '{{code}}' }],
      unit: 'reqps',
      height: 8,
    },
    {
      type: 'timeseries',
      title: 'Requests that fail (5xx)',
      source: prometheus,
      queries: [
        {
          expr: `sum(rate(${requests}{${selector}, code=~"5.."}[5m])) / sum(rate(${requests}{${selector}}[5m]))`,
          legendFormat: 'failing',
        },
      ],
      unit: 'percentunit',
      height: 8,
    },
    {
      type: 'timeseries',
      title: 'Time to answer (p95)',
      source: prometheus,
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le) (rate(traefik_${kind}_request_duration_seconds_bucket{${selector}}[5m])))`,
          legendFormat: 'p95',
        },
      ],
      unit: 's',
      height: 8,
    },
  ];
}

/** Traefik leaves routers out of its metrics unless its static configuration asks for them. */
function labelsRouters({ tree, profile }: EmitContext): boolean {
  const dynamic = profile.traefik?.dynamic ?? '';
  const folder = dynamic.slice(0, dynamic.lastIndexOf('/') + 1);
  const files = tree.paths.filter((path) => path.startsWith(folder) && /(^|\/)traefik\.ya?ml$/i.test(path));
  return files.some((path) => {
    const parsed = parseYaml(tree.read(path) ?? '', path);
    const metrics = parsed.ok ? asRecord(asRecord(parsed.yaml.toJs())?.['metrics']) : undefined;
    return asRecord(metrics?.['prometheus'])?.['addRoutersLabels'] === true;
  });
}

function logs(context: EmitContext, { loki }: DashboardHouse): Panel[] {
  const { manifest } = context;
  if (!loki) return [];
  const isContainer = /container|instance|host|pod/i.test(loki.label);
  const value = isContainer ? containerNameOf(context) : manifest.name;
  return [
    {
      type: 'logs',
      title: 'Log',
      source: loki,
      queries: [{ expr: `{${loki.label}="${value}"}` }],
      height: 10,
    },
  ];
}
