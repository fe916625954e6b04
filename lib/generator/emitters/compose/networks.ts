/** The networks that a service joins: which of them are not for it, which nobody knows, and which its file has to declare first. */
import { readComposeFiles, type ComposePlace } from '../../observe/compose-files';
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import { labelledRules } from '../../observe/hosts';
import type { Conflict, EmitContext, FollowUp, Refusal } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import { majority, toYamlValue } from './shared-nodes';
import { projectNameOf } from './certs-volume';
import { externalAs, isExternal, type Declaration } from './declarations';
import { declares, ownNames, type ComposeProject, type ComposeTarget } from './target';

export interface NetworkPlan {
  declarations: Declaration[];
  conflicts: Conflict[];
  refusals: Refusal[];
}

/**
 * The network that every service joins: the profile's; where the project does not know it and most services of the file are on another one together,
 * that one. Of a service with a route, those count that have one too: there the proxy finds them.
 */
export function usualNetwork(context: EmitContext, project: ComposeProject): string {
  const usual = context.profile.compose?.defaultNetwork ?? 'default';
  if (usual === 'default' || declares(project, 'networks', usual)) return usual;
  const own = ownNames(context);
  const others = (services: readonly ComposeService[]) => services.filter((service) => !own.has(service.name));
  const here = others(project.file.services);
  const all = here.length > 0 ? here : others(project.included.flatMap((file) => file.services));
  const routed = context.manifest.routing ? all.filter((service) => labelledRules(service).length > 0) : [];
  const services = routed.length > 1 ? routed : all;
  const most = majority(services.flatMap((service) => service.networks.filter((name) => name !== 'default')));
  const count = services.filter((service) => most !== undefined && service.networks.includes(most)).length;
  return most !== undefined && count > 1 && count * 2 > services.length && declares(project, 'networks', most)
    ? most
    : usual;
}

/** What the profile's network and those of the spec need in this project. */
export function planNetworks(context: EmitContext, target: ComposeTarget, project: ComposeProject): NetworkPlan {
  const { manifest, profile } = context;
  const plan: NetworkPlan = { declarations: [], conflicts: [], refusals: [] };
  const usual = usualNetwork(context, project);
  const reserved = isProxy(context) ? [] : (profile.compose?.reservedNetworks ?? []);
  const asked = manifest.runtime.compose?.networks ?? [];
  for (const [index, name] of asked.entries())
    if (reserved.includes(name))
      plan.conflicts.push({
        kind: 'name',
        field: `runtime.compose.networks.${index}`,
        path: target.path,
        message: `The network ${name} is for the proxy alone. Leave it out; the service is routed over ${usual}.`,
      });
  for (const name of new Set([usual, ...asked])) {
    if (name === 'default' || reserved.includes(name) || declares(project, 'networks', name)) continue;
    const declaration = declarationOf(context, target, project, name);
    if (declaration) plan.declarations.push(declaration);
    else if (name === usual) plan.refusals.push(undeclared(target, usual));
    else plan.conflicts.push(unknown(target, project, name, asked.indexOf(name)));
  }
  return plan;
}

/** A reverse proxy may join the networks that are kept for the proxy. */
function isProxy({ manifest }: EmitContext): boolean {
  const { source } = manifest.runtime;
  return source.kind === 'image' && /(?:^|\/)(?:traefik|caddy|haproxy|nginx-proxy|envoy)(?=[:@]|$)/.test(source.image);
}

/** As another file in use has it: the alternative's own words, or external under the name that Docker knows it by. */
function declarationOf(
  context: EmitContext,
  target: ComposeTarget,
  project: ComposeProject,
  name: string,
): Declaration | undefined {
  const places = readComposeFiles(context.tree, context.profile).filter((place) => place.path !== target.path);
  const knowing = places.filter((place) => place.file.networks.has(name));
  // One project creates it, the others only join: their words are for everybody.
  const other = knowing.find((place) => isExternal(place.file.networks.get(name))) ?? knowing[0];
  if (!other) return undefined;
  const owner = project.file.networks.size > 0 ? undefined : project.included.find((one) => one.networks.size > 0);
  const value = other.file.networks.get(name);
  const common = { section: 'networks', file: owner ?? project.file, name } as const;
  const fullName = dockerName(other.file, name, value);
  if (isExternal(value)) {
    const step = name === context.profile.compose?.defaultNetwork ? {} : { followUp: createUnlessThere(fullName) };
    return { ...common, value: toYamlValue(value), ...step };
  }
  if (isAlternative(target, other)) return { ...common, value: toYamlValue(value) };
  return {
    ...common,
    value: externalAs(name, fullName),
    followUp: startFirst(fullName, other.path),
  };
}

/** Root and stacks are never up together: what the one creates, the other creates for itself. */
function isAlternative(target: ComposeTarget, other: ComposePlace): boolean {
  return target.stack === undefined ? other.role === 'stack' || other.role === 'base' : other.role === 'root';
}

function dockerName(file: ComposeFile, name: string, value: unknown): string {
  const project = isExternal(value) ? undefined : projectNameOf(file);
  return asText(asRecord(value)?.['name']) ?? (project === undefined ? name : `${project}_${name}`);
}

/** An external network may be there for long, or may never have been needed on this machine. */
function createUnlessThere(fullName: string): FollowUp {
  return {
    phase: 'resources',
    key: `network:${fullName}`,
    title: `See that the network ${fullName} is there`,
    command: `docker network inspect ${fullName} >/dev/null 2>&1 || docker network create ${fullName}`,
  };
}

function startFirst(fullName: string, path: string): FollowUp {
  return {
    phase: 'resources',
    key: `network:${fullName}`,
    title: `See that the network ${fullName} is there`,
    detail: `${path} creates it when it is started; the service cannot start before.`,
    command: `docker network inspect ${fullName}`,
  };
}

function undeclared(target: ComposeTarget, usual: string): Refusal {
  return {
    path: target.path,
    reason: `The profile's network ${usual} is declared neither here nor in a file that this one includes.`,
    paste: { under: 'networks', text: `  ${usual}:\n    external: true\n` },
  };
}

function unknown(target: ComposeTarget, project: ComposeProject, name: string, index: number): Conflict {
  const known = [...new Set([project.file, ...project.included].flatMap((file) => [...file.networks.keys()]))];
  return {
    kind: 'name',
    field: `runtime.compose.networks.${index}`,
    path: target.path,
    message: `${target.path} knows no network ${name}${known.length > 0 ? `, only ${known.join(', ')}` : ''}. Choose one of those, or declare it there first.`,
  };
}
