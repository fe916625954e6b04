/**
 * The runbook page of a service: the template of the shared-service requirements (section 17) filled from the spec. Its first screen says what
 * the service is, whether it is down and what to do, so that whoever opens it at night finds commands and not headings.
 */
import { formatPortRange } from '@/lib/services/port-range';
import { escapeMarkdown, markdownCode, markdownTarget } from '../../markdown-text';
import { environmentsOf, serviceLinks } from '../../operations';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { dashboardUid } from '../grafana/uid';
import { accessSection, secretsSection } from './access';
import { composeCommandsOf } from './commands';
import { alertsSection, downSection, playbookSection } from './night';
import {
  dataSection,
  decommissionSection,
  escalationSection,
  messagingSection,
  rollbackSection,
  runSection,
} from './upkeep';

/**
 * The whole page.
 * @param heading its first line as the house writes it: `RUNBOOK-031: Title`, the title alone where runbooks have no numbers.
 * @param series the labels by which Prometheus knows the service's metrics, `job="livekit"`.
 */
export function renderRunbook(manifest: ResolvedManifest, profile: Profile, heading: string, series?: string): string {
  const sections: [title: string, text: string | undefined][] = [
    ['Is it down?', downSection(manifest, profile)],
    ['Playbook', playbookSection(manifest, profile)],
    ['Facts', facts(manifest)],
    ['Alerts', alertsSection(manifest)],
    ['Dashboards, logs and traces', links(manifest, profile, series)],
    ['Reach it', reach(manifest)],
    ['Access', accessSection(manifest, profile)],
    ['Secrets', secretsSection(manifest, profile)],
    ['Queues and topics', messagingSection(manifest, profile)],
    ['Run it', runSection(manifest, profile)],
    ['Data', dataSection(manifest, profile)],
    ['Rollback', rollbackSection(manifest, profile)],
    ['Escalation', escalationSection(manifest)],
    ['Postmortem', 'Link the postmortem here after an incident.'],
    ['Decommission', decommissionSection(manifest, profile)],
  ];
  return [
    `# ${heading}`,
    escapeMarkdown(manifest.purpose.replace(/[^.!?]$/, '$&.')),
    whereabouts(manifest, profile),
    ...sections.flatMap(([title, text]) => (text === undefined || text === '' ? [] : [`## ${title}\n\n${text}`])),
  ]
    .join('\n\n')
    .concat('\n');
}

/** One line on where it runs and whose it is. */
function whereabouts(manifest: ResolvedManifest, profile: Profile): string {
  const compose = composeCommandsOf(manifest, profile);
  const environments = environmentsOf(manifest);
  const places = [
    ...(compose ? [`container ${markdownCode(compose.container)} of ${markdownCode(compose.file)}`] : []),
    ...(environments.length > 0 ? [`Kubernetes (${environments.join(', ')})`] : []),
  ];
  const where =
    places.length > 0 ? `Runs as ${places.join(' and in ')}.`.replace('Runs as Kubernetes', 'Runs in Kubernetes') : '';
  return `${where} Owner: **${manifest.owner}**. Severity: ${severityOf(manifest)}.`.trim();
}

function severityOf(manifest: ResolvedManifest): string {
  const { alerts } = manifest.observability;
  const worst = (['P1', 'P2', 'P3'] as const).find((severity) => alerts.some((alert) => alert.severity === severity));
  if (worst !== undefined) return worst;
  return manifest.lifecycle === 'production' ? 'P2; P1 while services that depend on it are down' : 'P3';
}

function facts(manifest: ResolvedManifest): string {
  const { alerts } = manifest.observability;
  const rows: [string, string][] = [
    ['Service', markdownCode(manifest.name)],
    ['Category', manifest.category],
    ['Owner', manifest.owner],
    ...(manifest.maintainers.length > 0
      ? ([['Maintainers', manifest.maintainers.map(escapeMarkdown).join(', ')]] as [string, string][])
      : []),
    ['Lifecycle', manifest.lifecycle],
    [
      manifest.runtime.source.kind === 'image' ? 'Image' : 'Built from',
      markdownCode(
        manifest.runtime.source.kind === 'image' ? manifest.runtime.source.image : manifest.runtime.source.context,
      ),
    ],
    ['Alert', alerts.length > 0 ? alerts.map((alert) => markdownCode(alert.name)).join(', ') : 'none of its own'],
    ['Severity', severityOf(manifest)],
    ['Written', manifest.date],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function reach(manifest: ResolvedManifest): string {
  const { routing } = manifest;
  const hosts = routing
    ? [
        `- ${markdownCode(`https://${routing.host}${routing.path ?? '/'}`)}${routing.sse ? ' (long-lived streams: no buffering, long timeouts)' : ''}`,
        ...routing.aliases.map((alias) => `- ${markdownCode(`https://${alias}${routing.path ?? '/'}`)}`),
      ]
    : [withoutHost(manifest)];
  if (manifest.ports.length === 0) return hosts.join('\n');
  const rows = manifest.ports.map(
    (port) =>
      `| ${port.name} | ${port.external === 'none' ? 'none' : formatPortRange(port.external)} | ${formatPortRange(port.internal)} | ${port.protocol} | ${escapeMarkdown(port.why)} |`,
  );
  return [
    ...hosts,
    '',
    '| Port | On the host | In the container | Protocol | Why |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function withoutHost({ ports }: ResolvedManifest): string {
  if (ports.length === 0) return '- It has neither a host nor a port: it works by itself.';
  return ports.some((port) => port.external !== 'none')
    ? '- No host: it is reached on the ports of the machine.'
    : '- No host: it is reached by the services next to it.';
}

function links(manifest: ResolvedManifest, profile: Profile, series: string | undefined): string {
  const titles = { grafana: 'Grafana', loki: 'Logs in Loki', jaeger: 'Traces in Jaeger', argocd: 'Argo CD' } as const;
  const lines = (Object.keys(titles) as (keyof typeof titles)[]).flatMap((key) =>
    key === 'argocd' && !manifest.runtime.kubernetes
      ? []
      : serviceLinks(profile.links[key], manifest, profile).map(
          ({ environment, url }) =>
            `- [${titles[key]}${environment ? `, ${environment}` : ''}](${markdownTarget(url)})`,
        ),
  );
  const grafana = /^https?:\/\/[^/]+/.exec(profile.links.grafana ?? '')?.[0];
  if (grafana !== undefined && manifest.observability.dashboard && profile.observability?.dashboards !== undefined)
    lines.unshift(`- [Dashboard](${markdownTarget(`${grafana}/d/${dashboardUid(manifest.name)}`)})`);
  lines.push(...manifest.docs.dashboards.map((one) => `- [${escapeMarkdown(one.title)}](${markdownTarget(one.url)})`));
  if (manifest.observability.metrics)
    lines.push(
      `- In Prometheus: ${markdownCode(`up{${series ?? `job="${manifest.name}"`}}`)} is 1 while its metrics are read`,
    );
  return lines.length > 0 ? lines.join('\n') : '- None yet. Add them here.';
}
