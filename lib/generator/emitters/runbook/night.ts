/** The first screen of a runbook: whether it is down, and what to do about it, for whoever opens it at night. */
import { escapeMarkdown, markdownBlock, markdownCode } from '../../markdown-text';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { composeCommandsOf, environmentsAtNight, healthCommand, podsOf } from './commands';

/** `## Is it down?`: commands, and how a good answer looks. */
export function downSection(manifest: ResolvedManifest, profile: Profile): string {
  const health = healthCommand(manifest);
  const compose = composeCommandsOf(manifest, profile);
  const environments = environmentsAtNight(manifest);
  const commands = [
    ...(health === undefined ? [] : [health]),
    ...(compose ? [`${compose.prefix} ps -a ${manifest.name}`] : []),
    ...(compose && manifest.runtime.healthCheck
      ? [`docker inspect --format '{{json .State.Health.Log}}' ${compose.container}   # what its health check was told`]
      : []),
    ...environments.map(
      (environment) =>
        `kubectl get pods ${podsOf(manifest, profile, environment, { anywhere: true })}   # ${environment}`,
    ),
  ];
  const good = [
    ...(health === undefined ? [] : [goodAnswer(manifest)]),
    ...(compose
      ? [
          manifest.runtime.healthCheck
            ? 'The container is `Up` and `healthy`.'
            : 'The container is `Up`. It has no health check: only its log tells whether it does its work.',
        ]
      : []),
    ...(environments.length > 0
      ? ['Every pod is `Running` with all of its containers ready, and its restarts do not grow.']
      : []),
  ];
  return [markdownBlock(deduplicated(commands).join('\n'), 'bash'), ...(good.length > 0 ? [good.join(' ')] : [])].join(
    '\n\n',
  );
}

/** How the answer of the first command reads. */
function goodAnswer({ routing, runtime, security }: ResolvedManifest): string {
  if (!routing) return 'The first one ends with 200 when it is well, 000 means that nothing listens there.';
  const bad = '502 or 504 means that the service does not answer, 404 that nothing is routed there';
  if (security.access === 'forward-auth')
    return `Without a session the first one is sent to the sign-in (302): then Traefik and the sign-in work. ${bad}.`;
  return runtime.healthCheck
    ? `The first one ends with 200 when it is well. ${bad}.`
    : `The first one ends with a status: ${bad}, anything else that it is there.`;
}

/** `## Playbook`: the steps, the first most likely to help. */
export function playbookSection(manifest: ResolvedManifest, profile: Profile): string {
  const compose = composeCommandsOf(manifest, profile);
  const { dependsOn } = manifest.runtime;
  const [environment] = environmentsAtNight(manifest);
  const pods = environment === undefined ? undefined : podsOf(manifest, profile, environment);
  const logs = [
    ...(compose ? [`${compose.prefix} logs --tail 200 ${manifest.name}`] : []),
    ...(pods === undefined ? [] : [`kubectl logs ${pods} --tail 200`]),
  ];
  const restarts = [
    ...(compose ? [`${compose.prefix} restart ${manifest.name}`] : []),
    ...(pods === undefined ? [] : [`kubectl rollout restart deployment ${pods}`]),
  ];
  const hasSecrets = manifest.security.secrets.length > 0 || manifest.security.oauth !== undefined;
  const steps = [
    `Read the last lines of its log${logs.length > 0 ? `: ${orOf(logs)}` : ''}. ${usualCause(manifest, hasSecrets)}`,
    ...(pods === undefined
      ? []
      : [
          `If its pods restart, what they said before they died is in ${markdownCode(`kubectl logs ${pods} --previous`)}, and why they were killed or not started in ${markdownCode(`kubectl describe pods ${pods}`)}.`,
        ]),
    ...(dependsOn.length > 0
      ? [
          `It waits for ${dependsOn.map(markdownCode).join(', ')}: ${dependsOn.length === 1 ? 'is it' : 'are they'} well?`,
        ]
      : []),
    ...(hasSecrets ? ['Are its secrets there, under the names listed in [Secrets](#secrets)?'] : []),
    ...(manifest.security.mtls ? ['Is its certificate still good? [Access](#access) has the command.'] : []),
    ...(manifest.messaging.queues.length > 0
      ? ['Do messages pile up, or fail? [Queues and topics](#queues-and-topics) has the commands.']
      : []),
    'If it began with a deploy, [roll back](#rollback).',
    restarts.length === 0
      ? 'Restart it once, and keep the log of the time before for the postmortem.'
      : `Otherwise save the log for the postmortem and restart it once: ${orOf(restarts)}`,
    'If it is not back within 30 minutes, [escalate](#escalation).',
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}

/** What is usually wrong with a service of this kind; nothing is named that it does not have. */
function usualCause({ runtime, messaging }: ResolvedManifest, hasSecrets: boolean): string {
  const causes = [
    ...(hasSecrets ? ['a secret that is not set'] : []),
    ...(runtime.dependsOn.length > 0 ? ['a dependency that does not answer'] : []),
    ...(messaging.queues.length + messaging.publishes.length > 0 ? ['a queue or topic that is not there'] : []),
  ];
  if (causes.length === 0) return 'The last error before it stopped usually names the cause.';
  const [first = '', ...others] = causes;
  const last = others.pop();
  const named = last === undefined ? first : `${[first, ...others].join(', ')} or ${last}`;
  return `After a deploy the usual cause is ${named}.`;
}

/** Commands for the same thing in Compose and in the cluster. */
function orOf(commands: readonly string[]): string {
  return commands.map(markdownCode).join(' or, in the cluster, ');
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
