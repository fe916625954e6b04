/** LocalStack as the platform's Compose files run it: its container, where the init script is in it, and which services are on. */
import type { ComposeService } from '../../observe/compose-file';
import { readComposeFiles, type ComposePlace } from '../../observe/compose-files';
import { baseName, folderOf } from '../../detect/guess';
import { pathFrom } from '../../path-from';
import type { EmitContext, Finding } from '../../types';
import { asList, asRecord, asText } from '../../yaml/read';
import { namesOf, storedSecrets } from './calls';

/** LocalStack as Compose runs it, and where the script is in it. */
export interface RunningLocalstack {
  place: ComposePlace;
  service: ComposeService;
  container: string;
  /** Undefined where its folder is not mounted: a single file that was replaced is seen only after a restart. */
  script?: string;
}

/** The LocalStack of the Compose files in use, the stacks first; undefined where none has it. */
export function findLocalstack({ profile, tree }: EmitContext): RunningLocalstack | undefined {
  const path = profile.secrets?.localstackInit ?? '';
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
    if (pathFrom(folderOf(file), source) === folderOf(path)) return `${target.replace(/\/+$/, '')}/${baseName(path)}`;
  }
  return undefined;
}

/** The AWS services that the spec needs and LocalStack is told to leave off (`SERVICES=secretsmanager,s3`). */
export function servicesOff(context: EmitContext): Finding[] {
  const running = findLocalstack(context);
  const environment = running?.service.fields['environment'];
  const listed = (asList(environment) ?? []).flatMap((item) => /^SERVICES=(.*)$/.exec(asText(item) ?? '')?.[1] ?? []);
  const value = listed[0] ?? asText(asRecord(environment)?.['SERVICES']);
  if (!running || value === undefined || value.trim() === '' || value.includes('$')) return [];
  const on = new Set(value.split(',').map((one) => one.trim().replace(/:\d+$/, '')));
  const { queues, topics } = namesOf(context);
  const subscribes = context.manifest.messaging.queues.some((queue) => queue.topics.length > 0);
  const stores = new Set(storedSecrets(context).map((secret) => secret.store));
  const needed: [boolean, string][] = [
    [stores.has('secret'), 'secretsmanager'],
    [stores.has('parameter'), 'ssm'],
    [queues.length > 0, 'sqs'],
    [topics.length > 0 || subscribes, 'sns'],
  ];
  return needed
    .filter(([isNeeded, name]) => isNeeded && !on.has(name))
    .map(([, name]) => ({
      kind: 'localstack-service-off',
      path: running.place.path,
      line: running.service.line,
      message: `LocalStack runs without ${name}, which the service needs. Add it to SERVICES of ${running.service.name}.`,
    }));
}
