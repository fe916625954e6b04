/** The first screen of a runbook: whether it is down, and what to do about it, for whoever opens it at night. */
import { escapeMarkdown, markdownBlock, markdownCode } from '../../markdown-text';
import { environmentsOf } from '../../operations';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { composeCommandsOf, healthCommand, namespaceOption } from './commands';

/** `## Is it down?`: commands, and how a good answer looks. */
export function downSection(manifest: ResolvedManifest, profile: Profile): string {
  const health = healthCommand(manifest);
  const compose = composeCommandsOf(manifest, profile);
  const commands = [
    ...(health === undefined ? [] : [health]),
    ...(compose ? [`${compose.prefix} ps ${manifest.name}`] : []),
    ...environmentsOf(manifest).map(
      (environment) =>
        `kubectl get pods ${namespaceOption(manifest, profile, environment)} -l app.kubernetes.io/name=${manifest.name}   # ${environment}`,
    ),
  ];
  const signedIn = manifest.routing !== undefined && manifest.security.access === 'forward-auth';
  const good = [
    ...(health === undefined
      ? []
      : [
          signedIn
            ? 'Without a session the first one is sent to the sign-in (302): then Traefik and the sign-in work. 502 or 504 means that the service does not answer, 404 that it has no route.'
            : 'The first one answers when it is well. 502 or 504 means that the service does not answer, 404 that it has no route.',
        ]),
    ...(compose
      ? [`${manifest.runtime.healthCheck ? 'The container is `running` and `healthy`' : 'The container is `running`'}.`]
      : []),
  ];
  return [markdownBlock(deduplicated(commands).join('\n'), 'bash'), ...(good.length > 0 ? [good.join(' ')] : [])].join(
    '\n\n',
  );
}

/** `## Playbook`: the steps, the first most likely to help. */
export function playbookSection(manifest: ResolvedManifest, profile: Profile): string {
  const compose = composeCommandsOf(manifest, profile);
  const { dependsOn } = manifest.runtime;
  const [environment] = environmentsOf(manifest);
  const logs = compose
    ? `${compose.prefix} logs --tail 200 ${manifest.name}`
    : environment === undefined
      ? undefined
      : `kubectl logs ${namespaceOption(manifest, profile, environment)} -l app.kubernetes.io/name=${manifest.name} --tail 200`;
  const restart = compose ? `${compose.prefix} restart ${manifest.name}` : undefined;
  const hasSecrets = manifest.security.secrets.length > 0 || manifest.security.oauth !== undefined;
  const steps = [
    logs === undefined
      ? 'Read the last lines of its log: a missing secret or a dependency that does not answer is the usual cause after a deploy.'
      : `Read the last lines of its log. A missing secret or a dependency that does not answer is the usual cause after a deploy: ${markdownCode(logs)}`,
    ...(dependsOn.length > 0 ? [`It waits for ${dependsOn.map(markdownCode).join(', ')}: are they well?`] : []),
    ...(hasSecrets ? ['Are its secrets there, under the names listed in [Secrets](#secrets)?'] : []),
    ...(manifest.security.mtls ? ['Is its certificate still good? [Access](#access) has the command.'] : []),
    ...(manifest.messaging.queues.length > 0
      ? ['Do messages pile up, or fail? [Queues and topics](#queues-and-topics) has the commands.']
      : []),
    restart === undefined
      ? 'Restart it once ([Run it](#run-it)). Keep the log of the time before for the postmortem.'
      : `Restart it once, and keep the log of the time before for the postmortem: ${markdownCode(restart)}`,
    'It began with a deploy: [roll back](#rollback).',
    'Not back within 30 minutes: [escalate](#escalation).',
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}

/** `## Alerts`: each with its severity, its expression and what it asks for; undefined where the service has none. */
export function alertsSection(manifest: ResolvedManifest): string | undefined {
  const { alerts } = manifest.observability;
  if (alerts.length === 0) return undefined;
  const urgency = {
    P1: 'Act at once, at night too.',
    P2: 'Act within the hour; at night when others wait for the service.',
    P3: 'Act on the next working day.',
  } as const;
  return alerts
    .map((alert) =>
      [
        `### ${escapeMarkdown(alert.name)} (${alert.severity})`,
        `${escapeMarkdown(alert.summary.replace(/[^.!?]$/, '$&.'))} ${urgency[alert.severity]}`,
        markdownBlock(alert.expression, 'promql'),
        `Fires after ${alert.forMinutes === 1 ? 'one minute' : `${alert.forMinutes} minutes`}. Ask Prometheus for the expression: what it gives is what is wrong. Then go through the [Playbook](#playbook).`,
      ].join('\n\n'),
    )
    .join('\n\n');
}

function deduplicated(lines: readonly string[]): string[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const command = line.replace(/\s+#.*$/, '');
    if (seen.has(command)) return false;
    seen.add(command);
    return true;
  });
}
