/** RUNBOOK-024's quick checklist: ticked is what the files of the pull request do, the rest is for the person who merges. */
import { sharedValues } from '../emitters/chart-choice';
import { markdownCode } from '../markdown-text';
import { secretsOf, spiffeNamesOf, storedNameOf } from '../naming';
import { composeFileOf, startCommand } from '../operations';
import type { PullRequestInput } from './input';

/** The items that concern this service, as a list of Markdown tasks. */
export function checklist(input: PullRequestInput): string {
  return [
    ...inPlatform(input),
    ...inKubernetes(input),
    ...watched(input),
    ...afterwards(input),
    ...documented(input),
  ].join('\n');
}

const item = (done: boolean, text: string) => `- [${done ? 'x' : ' '}] ${text}`;

/** Which of the paths the change touches. */
function changes({ plan }: PullRequestInput): {
  has(path: string | undefined): boolean;
  in(folder: string | undefined): boolean;
} {
  const changed = new Set(plan.files.map((file) => file.path));
  return {
    has: (path) => path !== undefined && changed.has(path),
    in: (folder) =>
      folder !== undefined && [...changed].some((path) => path.startsWith(`${folder.replace(/\/+$/, '')}/`)),
  };
}

function inPlatform(input: PullRequestInput): string[] {
  const { resolved, profile } = input;
  const changed = changes(input);
  const items: string[] = [];
  const registry = profile.ports?.registry;
  if (registry !== undefined) items.push(item(changed.has(registry), `Added entry to ${markdownCode(registry)}.`));
  const names = spiffeNamesOf(resolved, profile);
  if (resolved.runtime.compose) {
    const file = composeFileOf(resolved, profile);
    items.push(
      item(
        changed.has(file) && (!names || changed.has(names.configPath)),
        `Compose service${names ? ' + helper' : ''} defined; named volumes updated.`,
      ),
    );
  }
  if (resolved.security.mtls)
    items.push(
      item(
        changed.has(profile.spiffe?.registration),
        profile.spiffe?.registration === undefined
          ? 'Workload registered with SPIRE.'
          : `Workload entry added to ${markdownCode(profile.spiffe.registration)}.`,
      ),
    );
  return [...items, ...route(input), secrets(input)];
}

/** In the dynamic file, or as labels of the container; its transport stands in the file either way. On Kubernetes alone the chart's ingress does it. */
function route(input: PullRequestInput): string[] {
  const { routing, runtime, security } = input.resolved;
  const { traefik } = input.profile;
  if (!routing || !runtime.compose || !traefik) return [];
  const changed = changes(input);
  const inFile = changed.has(traefik.dynamic) || changed.in(traefik.dynamic);
  const inLabels = changed.has(composeFileOf(input.resolved, input.profile)) && (!security.mtls || inFile);
  const parts = `Traefik router/service${security.mtls ? '/transport' : ''}`;
  return [item(traefik.labels ? inLabels : inFile, `${parts} ${traefik.labels ? 'labels' : 'blocks'} added.`)];
}

function secrets(input: PullRequestInput): string {
  const { resolved, profile } = input;
  const all = secretsOf(resolved);
  if (all.length === 0) return item(true, 'Secrets: none needed.');
  const names = all.map((secret) => markdownCode(storedNameOf(secret, profile))).join(', ');
  return item(changes(input).has(profile.secrets?.localstackInit), `Secrets created in LocalStack: ${names}.`);
}

function inKubernetes(input: PullRequestInput): string[] {
  const { resolved, profile } = input;
  if (!resolved.runtime.kubernetes) return [];
  const changed = changes(input);
  const style = resolved.runtime.kubernetes.chart ?? profile.helm?.style ?? 'own';
  return [
    style === 'shared'
      ? item(
          changed.has(profile.helm?.shared && sharedValues(profile.helm.shared, resolved.name)),
          'Values added to the shared chart.',
        )
      : item(changed.in(profile.helm?.charts), 'Helm chart with values per environment added.'),
    ...(profile.argocd
      ? [
          item(
            changed.in(profile.argocd.applications) || changed.has(profile.argocd.entries?.file),
            'Argo CD applications added; prod syncs by hand.',
          ),
        ]
      : []),
  ];
}

function watched(input: PullRequestInput): string[] {
  const { observability, messaging, delivery } = input.resolved;
  const { profile } = input;
  const changed = changes(input);
  const items: string[] = [];
  const asksPrometheus = observability.metrics !== undefined || observability.probe;
  if (asksPrometheus && profile.observability?.prometheus !== undefined)
    items.push(item(changed.has(profile.observability.prometheus), 'Prometheus watches it.'));
  if (observability.dashboard && profile.observability?.dashboards !== undefined)
    items.push(item(changed.in(profile.observability.dashboards), 'Grafana dashboard added.'));
  if (messaging.queues.length > 0)
    items.push(
      item(
        changed.has(profile.secrets?.localstackInit) || changed.in(profile.aws?.messaging),
        `Queues with dead-letter queues defined: ${messaging.queues.map((queue) => markdownCode(queue.name)).join(', ')}.`,
      ),
    );
  if (delivery && profile.delivery)
    items.push(item(changed.in(profile.delivery.workflows), 'Workflow from commit to signed image added.'));
  return items;
}

function afterwards({ resolved, profile }: PullRequestInput): string[] {
  const file = composeFileOf(resolved, profile);
  const start =
    file !== undefined && profile.compose
      ? ` (${markdownCode(startCommand(resolved, profile.compose.startCommand, file))})`
      : '';
  return [
    item(false, `Service starts cleanly${start}.`),
    ...(resolved.routing
      ? [
          item(
            false,
            `Endpoint reachable${resolved.runtime.compose && profile.traefik ? ' through Traefik' : ''}: ${markdownCode(resolved.routing.host)}.`,
          ),
        ]
      : []),
  ];
}

function documented(input: PullRequestInput): string[] {
  const { resolved, profile } = input;
  const changed = changes(input);
  if (!resolved.runbook) return [];
  const index = profile.runbooks?.architectureIndex;
  return [
    item(changed.in(profile.runbooks?.folder), 'Documentation/runbooks updated.'),
    ...(index === undefined ? [] : [item(changed.has(index), `Described in ${markdownCode(index)}.`)]),
  ];
}
