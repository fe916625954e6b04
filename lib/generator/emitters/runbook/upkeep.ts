/** How the service is started, kept, rolled back and taken away again. */
import { escapeMarkdown, markdownBlock, markdownCode } from '../../markdown-text';
import { deadLetterNameOf, secretsOf, spiffeNamesOf, storedNameOf } from '../../naming';
import { environmentsOf } from '../../operations';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { awsCommand, composeCommandsOf, environmentsAtNight, namespaceOption, podsOf } from './commands';

/** `## Run it`: start, check, logs, stop. */
export function runSection(manifest: ResolvedManifest, profile: Profile): string {
  const compose = composeCommandsOf(manifest, profile);
  const parts: string[] = [];
  if (compose)
    parts.push(
      markdownBlock(
        [
          '# start',
          compose.start,
          '# stop',
          `${compose.prefix} stop ${manifest.name}`,
          '# logs',
          `${compose.prefix} logs -f --tail 200 ${manifest.name}`,
          '# restart',
          `${compose.prefix} restart ${manifest.name}`,
        ].join('\n'),
        'bash',
      ),
    );
  const [environment, ...others] = environmentsAtNight(manifest);
  if (environment !== undefined) {
    const pods = podsOf(manifest, profile, environment);
    const elsewhere = others
      .map((one) => `${one} (${markdownCode(namespaceOption(manifest, profile, one))})`)
      .join(', ');
    parts.push(
      `Kubernetes, ${environment}${others.length === 0 ? '' : `; the same in ${elsewhere}`}:`,
      markdownBlock(
        [
          `kubectl get pods ${podsOf(manifest, profile, environment, { anywhere: true })}`,
          `kubectl logs ${pods} --tail 200 -f`,
          `kubectl rollout restart deployment ${pods}`,
        ].join('\n'),
        'bash',
      ),
    );
  }
  return parts.join('\n\n');
}

/** `## Data`: what is lost with the machine, and how to copy it; undefined where the service keeps nothing. */
export function dataSection(manifest: ResolvedManifest, profile: Profile): string | undefined {
  const volumes = manifest.runtime.volumes.flatMap((mount) =>
    mount.source.kind === 'volume' && !mount.readOnly ? [{ name: mount.source.name, target: mount.target }] : [],
  );
  if (volumes.length === 0) return undefined;
  const compose = composeCommandsOf(manifest, profile);
  const list = volumes.map(({ name, target }) => `- volume ${markdownCode(name)}, at ${markdownCode(target)}`);
  if (!compose) return list.join('\n');
  return [
    list.join('\n'),
    'Nothing copies them by itself. A copy by hand, with the service stopped so that the files agree; to restore one, run the other line instead:',
    markdownBlock(
      [
        `${compose.prefix} stop ${manifest.name}`,
        ...volumes.map(
          ({ name, target }) =>
            `docker run --rm --volumes-from ${compose.container}:ro -v "$PWD":/backup alpine:3 tar czf /backup/${name}.tgz -C ${target} .`,
        ),
        ...volumes.map(
          ({ name, target }) =>
            `# restore: docker run --rm --volumes-from ${compose.container} -v "$PWD":/backup alpine:3 tar xzf /backup/${name}.tgz -C ${target}`,
        ),
        compose.start,
      ].join('\n'),
      'bash',
    ),
  ].join('\n\n');
}

/** `## Queues and topics`: what comes in and goes out, and how failed messages are tried again. */
export function messagingSection(manifest: ResolvedManifest, profile: Profile): string | undefined {
  const { queues, publishes } = manifest.messaging;
  if (queues.length + publishes.length === 0) return undefined;
  const aws = awsCommand(manifest, profile);
  const parts: string[] = [];
  if (queues.length > 0)
    parts.push(
      [
        '| Reads | From topics | Variable | Dead letters |',
        '|---|---|---|---|',
        ...queues.map(
          (queue) =>
            `| ${markdownCode(queue.name)} | ${queue.topics.map(markdownCode).join(', ') || '—'} | ${markdownCode(queue.environment)} | ${markdownCode(deadLetterNameOf(queue))}, after ${queue.maxReceives} tries |`,
        ),
      ].join('\n'),
    );
  if (publishes.length > 0)
    parts.push(
      publishes.map((one) => `- publishes to ${markdownCode(one.topic)} (${markdownCode(one.environment)})`).join('\n'),
    );
  for (const queue of queues) {
    const dead = deadLetterNameOf(queue);
    parts.push(
      `What waits in ${markdownCode(queue.name)}, and what is being worked on:`,
      markdownBlock(waitingIn(queue.name, aws).join('\n'), 'bash'),
      `Failed messages wait in ${markdownCode(dead)}. Find the cause first, then let them be tried again:`,
      markdownBlock(
        [
          `URL=$(${aws} sqs get-queue-url --queue-name ${dead} --query QueueUrl --output text)`,
          `${aws} sqs get-queue-attributes --queue-url "$URL" --attribute-names ApproximateNumberOfMessages`,
          '# one of them, left where it is',
          `${aws} sqs receive-message --queue-url "$URL" --visibility-timeout 0`,
          `# back into ${queue.name}`,
          `ARN=$(${aws} sqs get-queue-attributes --queue-url "$URL" --attribute-names QueueArn --query Attributes.QueueArn --output text)`,
          `${aws} sqs start-message-move-task --source-arn "$ARN"`,
        ].join('\n'),
        'bash',
      ),
    );
  }
  return parts.join('\n\n');
}

/** `-n NAMESPACE` for commands that take no other; of production where no environment is named. */
function namespaceOf(manifest: ResolvedManifest, profile: Profile, environment?: string): string {
  const option = namespaceOption(manifest, profile, environment ?? environmentsAtNight(manifest)[0] ?? '');
  return option === '-A' ? '-n NAMESPACE' : option;
}

function waitingIn(queue: string, aws: string): string[] {
  return [
    `URL=$(${aws} sqs get-queue-url --queue-name ${queue} --query QueueUrl --output text)`,
    `${aws} sqs get-queue-attributes --queue-url "$URL" --attribute-names ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible`,
  ];
}

/** `## Rollback`: in Compose and in the cluster. */
export function rollbackSection(manifest: ResolvedManifest, profile: Profile): string {
  const compose = composeCommandsOf(manifest, profile);
  const environments = environmentsOf(manifest);
  const chart = profile.helm ? `${profile.helm.charts.replace(/\/+$/, '')}/${manifest.name}` : undefined;
  const lines: string[] = [];
  if (compose)
    lines.push(
      `- Compose: put the version before back into ${markdownCode(compose.file)} (${markdownCode(`git log --oneline -- ${compose.file}`)}, then ${markdownCode('git revert COMMIT')}), and start it: ${markdownCode(compose.start)}`,
    );
  if (environments.length > 0 && profile.argocd) {
    const synced = environments.filter((one) => one !== 'prod').map((one) => markdownCode(`${manifest.name}-${one}`));
    if (environments.includes('prod'))
      lines.push(
        `- Argo CD application ${markdownCode(`${manifest.name}-prod`)}: ${markdownCode(`argocd app history ${manifest.name}-prod`)} lists its releases, ${markdownCode(`argocd app rollback ${manifest.name}-prod ID`)} takes one of them. Then revert the values in Git, so that the next sync keeps it.`,
      );
    if (synced.length > 0)
      lines.push(
        `- Argo CD ${synced.length === 1 ? 'application' : 'applications'} ${synced.join(', ')}: synced by itself, so revert the commit in Git; \`argocd app rollback\` refuses.`,
      );
  } else if (environments.length > 0)
    lines.push(
      `- Kubernetes: ${markdownCode(`helm history ${manifest.name} ${namespaceOf(manifest, profile)}`)}, then ${markdownCode(`helm rollback ${manifest.name} REVISION ${namespaceOf(manifest, profile)}`)}.`,
    );
  if (environments.length > 0 && chart !== undefined)
    lines.push(
      `- Helm chart: ${markdownCode(chart)}; its version is in ${markdownCode(`${chart}/Chart.yaml`)}, what ran before in its history.`,
    );
  return lines.length > 0 ? lines.join('\n') : '- Revert the commit that changed it.';
}

/** `## Decommission`: what goes with the pull request that removes it, and what stays until somebody deletes it. */
export function decommissionSection(manifest: ResolvedManifest, profile: Profile): string {
  const compose = composeCommandsOf(manifest, profile);
  const names = spiffeNamesOf(manifest, profile);
  const secrets = secretsOf(manifest);
  const aws = awsCommand(manifest, profile);
  const containers = compose
    ? [compose.container, ...(names ? [`${profile.naming.containerPrefix}${names.helper}`] : [])]
    : [];
  const volumes = manifest.runtime.volumes.flatMap((mount) =>
    mount.source.kind === 'volume' ? [mount.source.name] : [],
  );
  const steps = [
    `Ask those who use it. ${markdownCode(`git grep -n ${manifest.name}`)} shows who names it.`,
    'Have its removal planned (`slipway plan --action remove`), reviewed and merged. Files, routes and ports go with it.',
    ...(containers.length > 0
      ? [`Take the container away: ${markdownCode(`docker rm -f ${containers.join(' ')}`)}`]
      : []),
    ...environmentsOf(manifest).map((environment) =>
      profile.argocd
        ? `Delete what Argo CD leaves: ${markdownCode(`argocd app delete ${manifest.name}-${environment}`)}`
        : `Uninstall it in ${environment}: ${markdownCode(`helm uninstall ${manifest.name} ${namespaceOf(manifest, profile, environment)}`)}`,
    ),
    ...(volumes.length > 0
      ? [
          `Its data stays until you delete it; take a last copy first. ${[...new Set(volumes)].map((name) => markdownCode(`docker volume ls --filter name=${name}`)).join(', ')} shows the full names.`,
        ]
      : []),
    ...(secrets.length > 0
      ? [
          `Its secrets stay in the store until you delete them: ${secrets
            .map((secret) => {
              const name = storedNameOf(secret, profile);
              return markdownCode(
                secret.store === 'parameter'
                  ? `${aws} ssm delete-parameter --name ${name}`
                  : `${aws} secretsmanager delete-secret --secret-id ${name}`,
              );
            })
            .join(', ')}`,
        ]
      : []),
    ...(manifest.security.oauth ? ['Delete its client at the identity provider.'] : []),
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}

/** `## Escalation`: who, and when. */
export function escalationSection(manifest: ResolvedManifest): string {
  const people = manifest.maintainers.length > 0 ? ` (${manifest.maintainers.map(escapeMarkdown).join(', ')})` : '';
  return [
    `1. The owner, **${manifest.owner}**${people}: at once for P1, within the hour for P2, on the next working day for P3.`,
    '2. Whoever is on call for the platform: when it is not back within 30 minutes, or when other services are down because of it.',
  ].join('\n');
}
