/** What a person does after the merge for a service in Compose: secrets that nobody creates, the image, the start. */
import { secretsOf, spiffeNamesOf, storedNameOf } from '../../naming';
import { composeCommand } from '../../operations';
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import type { EmitContext, FollowUp } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import { projectNameOf, type CertsVolume } from './certs-volume';
import type { ComposeTarget } from './target';

/** The secrets to put into the store by hand; none where LocalStack's script creates them. */
export function secretSteps({ manifest, profile }: EmitContext): FollowUp[] {
  if (profile.secrets?.localstackInit !== undefined) return [];
  return secretsOf(manifest).map((secret) => {
    const name = storedNameOf(secret, profile);
    return {
      phase: 'secrets',
      key: `secret:${name}`,
      title: `Put the secret ${name} into the store`,
      detail: `${secret.purpose}. ${secret.source === 'generated' ? 'Generate a value.' : 'Set it by hand.'} The service finds it by the name in ${secret.environment}.`,
    };
  });
}

/** Building and starting, as the profile's command says: RUNBOOK-024, section 7. The helper starts along where it is in the same project. */
export function startSteps(
  { manifest, profile }: EmitContext,
  [target, ...others]: readonly ComposeTarget[],
  certs: CertsVolume | undefined,
  inSwarm = false,
): FollowUp[] {
  if (!target) return [];
  const usual = profile.compose?.startCommand;
  if (inSwarm && (usual === undefined || /^docker[ -]compose\b/.test(usual)))
    return [deployStep(manifest.name, target)];
  const template = profile.compose?.startCommand ?? 'docker compose -f {file} up -d {service}';
  const names = certs && !certs.crosses ? spiffeNamesOf(manifest, profile) : undefined;
  // Only Compose's own command is known to take several services.
  const services =
    names && /\bup\b.*\{service\}\s*$/.test(template) ? `${manifest.name} ${names.helper}` : manifest.name;
  const start: FollowUp = {
    phase: 'start',
    key: `start:${target.path}`,
    title: `Start ${manifest.name}`,
    ...(others.length > 0
      ? {
          detail: `It stands in ${others.map((one) => one.path).join(', ')} as well, as an alternative: start only one.`,
        }
      : {}),
    command: template.replaceAll('{file}', fileOf(target)).replaceAll('{service}', services),
  };
  if (manifest.runtime.source.kind !== 'build') return [start];
  const build: FollowUp = {
    phase: 'start',
    key: `build:${target.path}`,
    title: `Build ${manifest.name}`,
    command: `${composeCommand(template, fileOf(target))} build ${manifest.name}`,
  };
  return [build, start];
}

/** A swarm takes a stack as a whole; it is called after its file's folder where nothing says more. */
function deployStep(name: string, target: ComposeTarget): FollowUp {
  const folder = fileOf(target).split('/').at(-2);
  const stack = target.stack ?? folder;
  return {
    phase: 'start',
    key: `start:${target.path}`,
    title: `Deploy ${name}`,
    detail: `The services of ${fileOf(target)} run in a swarm: deploy the stack under the name that it has there.`,
    ...(stack === undefined ? {} : { command: `docker stack deploy -c ${fileOf(target)} ${stack}` }),
  };
}

/** The file that people start: the stack, where the service's own is a piece of it. */
function fileOf({ path, includedBy }: ComposeTarget): string {
  return includedBy ?? path;
}

/** What a removal takes out of a file. */
export type Gone =
  | { kind: 'service'; file: ComposeFile; service: ComposeService }
  | { kind: 'volume'; file: ComposeFile; name: string; value: unknown };

/** What is still on the host when the files no longer name it: the container, and the data. */
export function stopSteps({ manifest }: EmitContext, gone: readonly Gone[]): FollowUp[] {
  const containers = gone.flatMap((one) => (one.kind === 'service' ? [removeCommand(one.service)] : []));
  const volumes = gone.flatMap((one) => (one.kind === 'volume' ? [volumeName(one)] : []));
  return [
    ...(containers.length > 0
      ? [
          {
            phase: 'start' as const,
            key: `stop:${manifest.name}`,
            title: `Stop ${manifest.name} and remove its container`,
            detail: 'Nothing that is still in the files is touched.',
            command: [...new Set(containers)].join(' && '),
          },
        ]
      : []),
    ...[...new Set(volumes)].map((name) => ({
      phase: 'start' as const,
      key: `volume-gone:${name}`,
      title: `Keep or remove the data in ${name}`,
      detail: 'The volume is still on the host. Back it up, then remove it.',
      command: `docker volume rm ${name}`,
    })),
  ];
}

function removeCommand({ name, containerName }: ComposeService): string {
  return containerName === undefined
    ? `docker ps -aq --filter label=com.docker.compose.service=${name} | xargs -r docker rm -f`
    : `docker rm -f ${containerName}`;
}

/** As Docker knows it: by its own name, or with the project's in front where that is known. */
function volumeName({ file, name, value }: Extract<Gone, { kind: 'volume' }>): string {
  const said = asRecord(value);
  const project = projectNameOf(file);
  return asText(said?.['name']) ?? (said?.['external'] === true || project === undefined ? name : `${project}_${name}`);
}
