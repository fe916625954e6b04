/** What people delete in LocalStack when a service is gone: values and messages outlive the lines of the script. */
import { LOCALSTACK_ACCOUNT } from '../../naming';
import type { EmitContext, FollowUp } from '../../types';
import { storedSecrets } from './calls';
import type { StoredCall } from './init-script';
import { findLocalstack } from './running';

/** One step for each thing that the calls created. */
export function deletions(calls: readonly StoredCall[], context: EmitContext): FollowUp[] {
  const container = findLocalstack(context)?.container;
  const run = container === undefined ? '' : `docker exec ${container} `;
  const region = context.profile.aws?.region ?? 'us-east-1';
  const provided = new Set(storedSecrets(context).flatMap((one) => (one.source === 'provided' ? [one.stored] : [])));
  const revoke = (name: string) => (provided.has(name) ? { detail: 'Revoke it first where it comes from.' } : {});
  return calls.map(({ kind, name = '' }): FollowUp => {
    switch (kind) {
      case 'secret':
        return {
          phase: 'secrets',
          key: `delete-secret:${name}`,
          title: `Delete the secret ${name}`,
          ...revoke(name),
          command: `${run}awslocal secretsmanager delete-secret --secret-id ${name} --force-delete-without-recovery`,
        };
      case 'parameter':
        return {
          phase: 'secrets',
          key: `delete-parameter:${name}`,
          title: `Delete the parameter ${name}`,
          ...revoke(name),
          command: `${run}awslocal ssm delete-parameter --name ${name}`,
        };
      case 'queue':
        return {
          phase: 'messaging',
          key: `delete-queue:${name}`,
          title: `Delete the queue ${name} and ${name}-dlq`,
          detail: 'What waits in them is lost: look first.',
          command: `for queue in ${name} ${name}-dlq; do ${run}awslocal sqs delete-queue --queue-url "$(${run}awslocal sqs get-queue-url --queue-name "$queue" --query QueueUrl --output text)"; done`,
        };
      case 'topic':
        return {
          phase: 'messaging',
          key: `delete-topic:${name}`,
          title: `Delete the topic ${name}`,
          command: `${run}awslocal sns delete-topic --topic-arn arn:aws:sns:${region}:${LOCALSTACK_ACCOUNT}:${name}`,
        };
    }
  });
}
