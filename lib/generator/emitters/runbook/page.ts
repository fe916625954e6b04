/**
 * The runbook page of a service: the template of the shared-service requirements (section 17) filled from the spec, so that whoever opens it at
 * night finds commands and not headings.
 */
import { formatPortRange } from '@/lib/services/port-range';
import { escapeMarkdown, markdownBlock, markdownCode, markdownTarget } from '../../markdown-text';
import {
  composeCommand,
  composeFileOf,
  environmentsOf,
  serviceLinks,
  startCommand,
  storedSecretName,
} from '../../operations';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';

/** `RUNBOOK-031`. */
export function runbookId(number: number): string {
  return `RUNBOOK-${String(number).padStart(3, '0')}`;
}

/** The page's title, without its number. */
export function runbookTitle(manifest: ResolvedManifest): string {
  return manifest.displayName ?? manifest.name;
}

/** The whole page. Its first line is `# RUNBOOK-NNN: Title`. */
export function renderRunbook(manifest: ResolvedManifest, profile: Profile, number: number): string {
  const sections = [
    `# ${runbookId(number)}: ${escapeMarkdown(runbookTitle(manifest))}`,
    escapeMarkdown(manifest.purpose),
    facts(manifest),
    '---',
    `## Reach it\n\n${reach(manifest)}`,
    `## Access\n\n${access(manifest, profile)}`,
    `## Run it\n\n${run(manifest, profile)}`,
    `## Dashboards, logs and traces\n\n${links(manifest, profile)}`,
    `## Playbook\n\n${playbook(manifest, profile)}`,
    `## Rollback\n\n${rollback(manifest, profile)}`,
    `## Escalation\n\n${escalation(manifest)}`,
    '## Postmortem\n\nLink the postmortem here after an incident.',
  ];
  return `${sections.join('\n\n')}\n`;
}

function facts(manifest: ResolvedManifest): string {
  const severity = manifest.lifecycle === 'production' ? 'P2; P1 while services that depend on it are down' : 'P3';
  const rows: [string, string][] = [
    ['Service', markdownCode(manifest.name)],
    ['Category', manifest.category],
    ['Owner', manifest.owner],
    ...(manifest.maintainers.length > 0
      ? ([['Maintainers', manifest.maintainers.map(escapeMarkdown).join(', ')]] as [string, string][])
      : []),
    ['Lifecycle', manifest.lifecycle],
    ['Alert', 'none yet; the first one links here'],
    ['Severity', severity],
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
    : ['- No host: it is reached by the services next to it.'];
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

function access(manifest: ResolvedManifest, profile: Profile): string {
  const { security } = manifest;
  const { middlewares } = profile.traefik ?? {};
  const chain = (names: readonly string[] | undefined) =>
    names && names.length > 0 ? ` (${names.map(markdownCode).join(', ')})` : '';
  const posture = {
    'forward-auth': `Zero trust by forward authentication: Traefik asks the platform's sign-in${chain(middlewares?.forwardAuth)} before a request arrives. The service itself need not know who it is.`,
    'own-oauth': `Zero trust by the service's own OAuth: it signs people in itself${chain(middlewares?.ownOauth)} and has to refuse a request without a valid token of the platform's identity provider.`,
    public: `Public${chain(middlewares?.public)}: anyone may reach it without signing in. Reason: ${escapeMarkdown(security.publicReason ?? '')}`,
  }[security.access];
  const lines = [
    manifest.routing ? posture : 'It has no host of its own. Whoever may join its network may talk to it.',
  ];
  if (security.mtls)
    lines.push(
      '',
      `Mutual TLS: its SPIFFE certificates are under ${markdownCode(profile.spiffe?.certsPath ?? '/run/spire/certs')}.`,
    );
  if (security.secrets.length > 0)
    lines.push(
      '',
      'Secrets, by name; the values are in the secret store alone:',
      '',
      '| Secret | Variable with its name | Set by | Purpose |',
      '|---|---|---|---|',
      ...security.secrets.map(
        (secret) =>
          `| ${markdownCode(storedSecretName(profile, secret.name))} | ${markdownCode(secret.environment)} | ${secret.source === 'generated' ? 'the platform, when absent' : 'a person'} | ${escapeMarkdown(secret.purpose)} |`,
      ),
    );
  return lines.join('\n');
}

function run(manifest: ResolvedManifest, profile: Profile): string {
  const parts: string[] = [];
  const file = composeFileOf(manifest, profile);
  if (file !== undefined && profile.compose) {
    const compose = composeCommand(profile.compose.startCommand, file);
    parts.push(
      markdownBlock(
        [
          '# start',
          startCommand(manifest, profile.compose.startCommand, file),
          '# stop',
          `${compose} stop ${manifest.name}`,
          '# logs',
          `${compose} logs -f --tail 200 ${manifest.name}`,
          '# restart',
          `${compose} restart ${manifest.name}`,
        ].join('\n'),
        'bash',
      ),
    );
  }
  if (manifest.runtime.kubernetes)
    parts.push(
      `Kubernetes, in ${environmentsOf(manifest).join(', ')}:`,
      markdownBlock(
        [
          `kubectl get pods -A -l app.kubernetes.io/name=${manifest.name}`,
          `kubectl logs -n NAMESPACE -l app.kubernetes.io/name=${manifest.name} --tail 200 -f`,
          `kubectl rollout restart -n NAMESPACE deployment -l app.kubernetes.io/name=${manifest.name}`,
        ].join('\n'),
        'bash',
      ),
    );
  const health = healthCommand(manifest);
  if (health !== undefined) parts.push('Health:', markdownBlock(health, 'bash'));
  return parts.join('\n\n');
}

/** How a person asks whether it is well: through Traefik, else on the host's port; undefined where nothing answers HTTP. */
function healthCommand(manifest: ResolvedManifest): string | undefined {
  const path = manifest.runtime.healthCheck?.path;
  if (manifest.routing) return `curl -sk https://${manifest.routing.host}${path ?? manifest.routing.path ?? '/'}`;
  const named = manifest.runtime.healthCheck?.port;
  const port = manifest.ports.find((one) => (named === undefined ? one.protocol === 'tcp' : one.name === named));
  if (path === undefined || !port || port.external === 'none') return undefined;
  return `curl -s http://localhost:${port.external.from}${path}`;
}

function links(manifest: ResolvedManifest, profile: Profile): string {
  const titles = { grafana: 'Grafana', loki: 'Loki', jaeger: 'Jaeger', argocd: 'Argo CD' } as const;
  const lines = (Object.keys(titles) as (keyof typeof titles)[]).flatMap((key) =>
    serviceLinks(profile.links[key], manifest, profile).map(
      ({ environment, url }) => `- [${titles[key]}${environment ? `, ${environment}` : ''}](${markdownTarget(url)})`,
    ),
  );
  lines.push(...manifest.docs.dashboards.map((one) => `- [${escapeMarkdown(one.title)}](${markdownTarget(one.url)})`));
  return lines.length > 0 ? lines.join('\n') : '- None yet. Add them here.';
}

function playbook(manifest: ResolvedManifest, profile: Profile): string {
  const health = healthCommand(manifest);
  const file = composeFileOf(manifest, profile);
  const compose =
    file !== undefined && profile.compose ? composeCommand(profile.compose.startCommand, file) : undefined;
  const { dependsOn } = manifest.runtime;
  const steps = [
    ...(health ? [`Is it really down? ${markdownCode(health)}`] : []),
    ...(compose ? [`Is the container up and healthy? ${markdownCode(`${compose} ps ${manifest.name}`)}`] : []),
    ...(manifest.runtime.kubernetes
      ? [`Are the pods ready? ${markdownCode(`kubectl get pods -A -l app.kubernetes.io/name=${manifest.name}`)}`]
      : []),
    'Read the last lines of its log (see Run it): a missing secret or a dependency that does not answer is the usual cause after a deploy.',
    ...(dependsOn.length > 0 ? [`It waits for ${dependsOn.map(markdownCode).join(', ')}: are they well?`] : []),
    ...(manifest.security.secrets.length > 0 ? ['Are its secrets there under the names listed in Access?'] : []),
    'Restart it once. If it comes back, keep the log of the time before for the postmortem.',
    'If it began with a deploy, roll back.',
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}

function rollback(manifest: ResolvedManifest, profile: Profile): string {
  const lines: string[] = [];
  const file = composeFileOf(manifest, profile);
  if (file !== undefined && profile.compose)
    lines.push(
      `- Compose: revert the commit that changed it in ${markdownCode(file)}, then start it again (see Run it).`,
    );
  if (manifest.runtime.kubernetes)
    lines.push(
      profile.argocd
        ? `- Kubernetes: \`argocd app rollback ${manifest.name}-ENVIRONMENT\` takes the release before; then revert the values in Git, so that the next sync keeps it.`
        : `- Kubernetes: \`helm history ${manifest.name} -n NAMESPACE\`, then \`helm rollback ${manifest.name} REVISION -n NAMESPACE\`.`,
    );
  return lines.length > 0 ? lines.join('\n') : '- Revert the commit that changed it.';
}

function escalation(manifest: ResolvedManifest): string {
  const people = manifest.maintainers.length > 0 ? `: ${manifest.maintainers.map(escapeMarkdown).join(', ')}` : '';
  return [
    `1. The owner, ${manifest.owner}${people}.`,
    '2. Whoever is on call for the platform, when it is not back within 30 minutes or others wait for it.',
  ].join('\n');
}
