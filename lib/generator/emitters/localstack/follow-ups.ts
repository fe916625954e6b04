/** What people do for a service's secrets and queues after the merge: run the script again, then set what only they know. */
import { composeCommand } from '../../operations';
import { readComposeFiles, type ComposePlace } from '../../observe/compose-files';
import type { ComposeService } from '../../observe/compose-file';
import type { EmitContext, FollowUp } from '../../types';
import { asList, asRecord, asText } from '../../yaml/read';
import { baseName, folderOf } from '../../detect/guess';
import { storedSecrets, type StoredSecret } from './calls';

/** LocalStack as Compose runs it, and where the script is in it. */
interface Running {
  place: ComposePlace;
  service: ComposeService;
  container: string;
  /** Undefined where its folder is not mounted: a single file that was replaced is seen only after a restart. */
  script?: string;
}

/** In order: the script first, since it makes the places that values are put in. */
export function localstackFollowUps(context: EmitContext): FollowUp[] {
  const { profile } = context;
  const path = profile.secrets?.localstackInit;
  if (path === undefined) return [];
  const running = findLocalstack(context, path);
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

function applyCommand({ profile }: EmitContext, path: string, running: Running | undefined): string | undefined {
  const own = profile.secrets?.applyCommand;
  if (own !== undefined) return own.replaceAll('{file}', path);
  if (!running) return undefined;
  if (running.script !== undefined) return `docker exec ${running.container} ${running.script}`;
  const compose = composeCommand(profile.compose?.startCommand ?? '', running.place.path);
  return `${compose} restart ${running.service.name}`;
}

function setStep(secret: StoredSecret, { manifest }: EmitContext, running: Running | undefined): FollowUp {
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

/** The container that LocalStack runs in, where a Compose file in use has it. */
export function localstackContainer(context: EmitContext): string | undefined {
  const path = context.profile.secrets?.localstackInit;
  return path === undefined ? undefined : findLocalstack(context, path)?.container;
}

function findLocalstack({ profile, tree }: EmitContext, path: string): Running | undefined {
  const found = readComposeFiles(tree, profile).flatMap((place) =>
    place.file.services
      .filter(
        (service) => /(?:^|\/)localstack(?:-pro)?(?:[:@]|$)/.test(service.image ?? '') || service.name === 'localstack',
      )
      .map((service) => ({ place, service })),
  );
  const best = found.find(({ place }) => place.role === 'stack') ?? found[0];
  if (!best) return undefined;
  const { place, service } = best;
  const script = mountedScript(place.path, service, path);
  return {
    place,
    service,
    container: service.containerName ?? service.name,
    ...(script === undefined ? {} : { script }),
  };
}

/** The script's path in the container, where the folder that it is in is mounted. */
function mountedScript(file: string, service: ComposeService, path: string): string | undefined {
  for (const mount of asList(service.fields['volumes']) ?? []) {
    const long = asRecord(mount);
    const [source, target] = long ? [asText(long['source']), asText(long['target'])] : (asText(mount) ?? '').split(':');
    if (source === undefined || target === undefined || !/^\.{1,2}(?:\/|$)/.test(source)) continue;
    if (resolve(folderOf(file), source) === folderOf(path)) return `${target.replace(/\/+$/, '')}/${baseName(path)}`;
  }
  return undefined;
}

function resolve(folder: string, relative: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
