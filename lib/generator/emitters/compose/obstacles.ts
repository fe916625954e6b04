/** What stands in the way of a service in Compose: names that are taken, and things that its project does not have. */
import { readComposeFiles } from '../../observe/compose-files';
import type { Conflict, EmitContext, Refusal } from '../../types';
import { takenPorts } from '../taken-ports';
import { declares, projectServices, type ComposeProject, type ComposeTarget } from './target';

/** Another file in use that has a service of this name. Root and stacks are alternatives, but one name means one service in both. */
export function nameElsewhere({ manifest, profile, tree }: EmitContext, target: ComposeTarget): Conflict[] {
  const elsewhere = readComposeFiles(tree, profile).filter((place) => place.path !== target.path);
  for (const { path, stack, file } of elsewhere) {
    const service = file.services.find((one) => one.name === manifest.name);
    if (!service) continue;
    const where = stack === undefined ? path : `the stack ${stack} (${path})`;
    return [
      {
        kind: 'name',
        field: 'name',
        path,
        line: service.line,
        owner: service.name,
        message: `There is a service ${manifest.name} already, in ${where}, line ${service.line}. Choose another name, or change that one by hand.`,
      },
    ];
  }
  return [];
}

/** A container of this name that belongs to another service, in whatever file: Docker knows each name once. */
export function containerTaken({ manifest, profile, tree }: EmitContext, containerName: string): Conflict[] {
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

/** Dependencies that Compose would refuse as undefined: it waits only for services of the same project. */
export function unknownDependencies(context: EmitContext, target: ComposeTarget, project: ComposeProject): Conflict[] {
  const { manifest, profile, tree } = context;
  const known = new Set(projectServices(project).map((service) => service.name));
  const others = readComposeFiles(tree, profile).filter((place) => place.path !== profile.compose?.root);
  return manifest.runtime.dependsOn.flatMap((name, index): Conflict[] => {
    if (known.has(name)) return [];
    const place = others.find(({ file }) => file.services.some((service) => service.name === name));
    const line = place?.file.services.find((service) => service.name === name)?.line;
    const here = target.stack === undefined ? target.path : `the stack ${target.stack}`;
    const there = place && (place.stack === undefined ? place.path : `the stack ${place.stack}`);
    const message = there
      ? `${name} runs in ${there}, and Compose cannot wait for a service of another project than ${here}. Take it out of the dependencies and let the service retry, or choose ${there}.`
      : `There is no service ${name} to wait for in ${here}. Check the name, or add that service first.`;
    return [
      {
        kind: 'name',
        field: `runtime.dependsOn.${index}`,
        path: place?.path ?? target.path,
        ...(line === undefined ? {} : { line }),
        ...(place ? { owner: name } : {}),
        message,
      },
    ];
  });
}

/** Networks that are not for this service, or that the project does not declare. */
export function unusableNetworks(
  { manifest, profile }: EmitContext,
  target: ComposeTarget,
  project: ComposeProject,
): { conflicts: Conflict[]; refusals: Refusal[] } {
  const conflicts: Conflict[] = [];
  const reserved = profile.compose?.reservedNetworks ?? [];
  const known = [...new Set([project.file, ...project.included].flatMap((file) => [...file.networks.keys()]))];
  (manifest.runtime.compose?.networks ?? []).forEach((name, index) => {
    const field = `runtime.compose.networks.${index}`;
    if (reserved.includes(name))
      conflicts.push({
        kind: 'name',
        field,
        path: target.path,
        message: `The network ${name} is for the proxy alone. Leave it out; the service is routed over ${profile.compose?.defaultNetwork ?? 'the default network'}.`,
      });
    else if (name !== 'default' && !declares(project, 'networks', name))
      conflicts.push({
        kind: 'name',
        field,
        path: target.path,
        message: `${target.path} knows no network ${name}${known.length > 0 ? `, only ${known.join(', ')}` : ''}. Choose one of those, or declare it there first.`,
      });
  });
  const usual = profile.compose?.defaultNetwork ?? 'default';
  const refusals: Refusal[] =
    usual === 'default' || declares(project, 'networks', usual)
      ? []
      : [
          {
            path: target.path,
            reason: `The profile's network ${usual} is declared neither here nor in a file that this one includes.`,
            paste: { under: 'networks', text: `  ${usual}:\n    external: true\n` },
          },
        ];
  return { conflicts, refusals };
}

/** Where no registry looks after ports, the Compose emitter has to. */
export function portsWithoutRegistry(context: EmitContext): Conflict[] {
  return context.profile.ports ? [] : takenPorts(context, () => true);
}
