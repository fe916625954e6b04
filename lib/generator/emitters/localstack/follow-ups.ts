/** What people do for a service's secrets and queues after the merge: run the script again, then set what only they know. */
import { composeCommand } from '../../operations';
import type { EmitContext, FollowUp } from '../../types';
import { storedSecrets, type StoredSecret } from './calls';
import { findLocalstack, type RunningLocalstack } from './running';

/** In order: the script first, since it makes the places that values are put in. */
export function localstackFollowUps(context: EmitContext): FollowUp[] {
  const { profile } = context;
  const path = profile.secrets?.localstackInit;
  if (path === undefined) return [];
  const running = findLocalstack(context);
  const command = applyCommand(context, path, running);
  return [
    {
      phase: 'secrets',
      key: 'localstack-init',
      title: `Run ${path} again`,
      detail: 'It creates what is absent and leaves every value that is there. LocalStack runs it at every start, too.',
      ...(command === undefined ? {} : { command }),
    },
    ...storedSecrets(context)
      .filter((secret) => secret.source === 'provided')
      .map((secret) => setStep(secret, context, running)),
  ];
}

function applyCommand(
  { profile }: EmitContext,
  path: string,
  running: RunningLocalstack | undefined,
): string | undefined {
  const own = profile.secrets?.applyCommand;
  if (own !== undefined) return own.replaceAll('{file}', path);
  if (!running) return undefined;
  if (running.script !== undefined) return `docker exec ${running.container} ${running.script}`;
  const compose = composeCommand(profile.compose?.startCommand ?? '', running.place.path);
  return `${compose} restart ${running.service.name}`;
}

function setStep(secret: StoredSecret, { manifest }: EmitContext, running: RunningLocalstack | undefined): FollowUp {
  const what = secret.isOauth
    ? 'It is JSON with client_id and client_secret.'
    : `${secret.purpose.replace(/\.$/, '')}.`;
  return {
    phase: 'secrets',
    key: `secret:${secret.stored}`,
    title: `Set ${secret.stored} (${manifest.owner})`,
    detail: `${what} Until then it says “set-me”. The command reads the value from its input: paste it, then Ctrl-D; or add < FILE.`,
    command: setCommand(secret, running?.container),
  };
}

/** The command that sets a secret's value, read from its input so that it is in no file and no history. */
export function setCommand(secret: Pick<StoredSecret, 'stored' | 'store'>, container: string | undefined): string {
  const command =
    secret.store === 'secret'
      ? `awslocal secretsmanager put-secret-value --secret-id ${secret.stored} --secret-string "$(cat)"`
      : `awslocal ssm put-parameter --name ${secret.stored} --type SecureString --overwrite --value "$(cat)"`;
  return container === undefined ? command : `docker exec -i ${container} sh -c '${command}'`;
}
