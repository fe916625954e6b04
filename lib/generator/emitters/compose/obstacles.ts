/** What stands in the way of a service in Compose: names that are taken, and things that its project does not have. */
import { readComposeFiles } from '../../observe/compose-files';
import type { ComposeService } from '../../observe/compose-file';
import type { Conflict, EmitContext } from '../../types';
import { asList, asText } from '../../yaml/read';
import { takenPorts } from '../taken-ports';
import { projectServices, type ComposeProject, type ComposeTarget } from './target';

/** Another file in use that has a service of this name. Root and stacks are alternatives, but one name means one service in both. */
export function nameElsewhere({ manifest, profile, tree }: EmitContext, targets: readonly ComposeTarget[]): Conflict[] {
  const own = new Set(targets.map((target) => target.path));
  for (const { path, stack, file } of readComposeFiles(tree, profile)) {
    const service = own.has(path) ? undefined : file.services.find((one) => one.name === manifest.name);
    if (!service) continue;
    const where = stack === undefined ? path : `the stack ${stack} (${path})`;
    return [
      {
        kind: 'name',
        field: 'name',
        path,
        line: service.line,
        owner: service.name,
        message: `There is a service ${manifest.name} already, in ${where}, line ${service.line}. Choose another name; to change that service, plan it with --action change.`,
      },
    ];
  }
  return [];
}

/** A container of this name that belongs to another service, in whatever file: Docker knows each name once. */
export function containerTaken(
  { manifest, profile, tree }: EmitContext,
  containerName: string | undefined,
): Conflict[] {
  if (containerName === undefined) return [];
  for (const { path, file } of readComposeFiles(tree, profile)) {
    const owner = file.services.find((one) => one.containerName === containerName && one.name !== manifest.name);
    if (!owner) continue;
    return [
      {
        kind: 'container',
        field: 'name',
        path,
        line: owner.line,
        owner: owner.name,
        message: `The container name ${containerName} belongs to ${owner.name} (${path}:${owner.line}). Choose another name.`,
      },
    ];
  }
  return [];
}

/** Dependencies that Compose would refuse as undefined: it waits only for services of the same project, and of profiles that are up. */
export function unknownDependencies(context: EmitContext, target: ComposeTarget, project: ComposeProject): Conflict[] {
  const { manifest, profile, tree } = context;
  const known = new Map(projectServices(project).map((service) => [service.name, service]));
  const others = readComposeFiles(tree, profile).filter((place) => place.path !== profile.compose?.root);
  return manifest.runtime.dependsOn.flatMap((name, index): Conflict[] => {
    const field = `runtime.dependsOn.${index}`;
    const service = known.get(name);
    if (service) return asleep(context, target, service, field);
    const place = others.find(({ file }) => file.services.some((one) => one.name === name));
    const line = place?.file.services.find((one) => one.name === name)?.line;
    const here = target.stack === undefined ? target.path : `the stack ${target.stack}`;
    const there = place && (place.stack === undefined ? place.path : `the stack ${place.stack}`);
    const message = there
      ? `${name} runs in ${there}, and Compose cannot wait for a service of another project than ${here}. Take it out of the dependencies and let the service retry, or choose ${there}.`
      : `There is no service ${name} to wait for in ${here}. Check the name, or add that service first.`;
    return [
      {
        kind: 'name',
        field,
        path: place?.path ?? target.path,
        ...(line === undefined ? {} : { line }),
        ...(place ? { owner: name } : {}),
        message,
      },
    ];
  });
}

/** A dependency that is up only under a profile: without it Compose does not know the service. */
function asleep({ manifest }: EmitContext, target: ComposeTarget, service: ComposeService, field: string): Conflict[] {
  const profiles = (asList(service.fields['profiles']) ?? []).flatMap((one) => asText(one) ?? []);
  const own = manifest.runtime.compose?.profiles ?? [];
  const awake = profiles.length === 0 || (own.length > 0 && own.every((one) => profiles.includes(one)));
  if (awake) return [];
  const message = `${service.name} starts only under ${profiles.length === 1 ? 'the profile' : 'one of the profiles'} ${profiles.join(', ')}, and without it Compose does not know whom to wait for. Give the service ${profiles.length === 1 ? 'that profile' : 'one of them'}, or take ${service.name} out of the dependencies.`;
  return [{ kind: 'name', field, path: target.path, line: service.line, owner: service.name, message }];
}

/** Where no registry looks after ports, the Compose emitter has to. */
export function portsWithoutRegistry(context: EmitContext): Conflict[] {
  return context.profile.ports?.registry !== undefined ? [] : takenPorts(context, () => true);
}
