/** The networks that a service joins: which of them are not for it, which nobody knows, and which its file has to declare first. */
import { readComposeFiles, type ComposePlace } from '../../observe/compose-files';
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import type { Conflict, EmitContext, FollowUp, Refusal } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import { isPerService } from './model';
import { majority, toYamlValue } from './shared-nodes';
import { projectNameOf } from './certs-volume';
import { externalAs, isExternal, type Declaration } from './declarations';
import { declares, siblingsIn, type ComposeProject, type ComposeTarget } from './target';

export interface NetworkPlan {
  declarations: Declaration[];
  conflicts: Conflict[];
  refusals: Refusal[];
}

/**
 * The networks that every service joins. Where routes are labels, a service with a route joins those that most services with a route are on: there the
 * proxy finds it. Else it is the profile's; where the project does not know that and most services of the file are on another one together, that one.
 */
export function usualNetworks(
  context: EmitContext,
  project: ComposeProject,
  routed: readonly ComposeService[],
): string[] {
  const { manifest, profile } = context;
  if (manifest.routing && profile.traefik?.labels) {
    const shared = sharedNetworks(routed).filter((name) => name === 'default' || isWithinReach(context, project, name));
    if (shared.length > 0) return shared;
    // Without a word of networks they are on Compose's own.
    if (routed.filter((service) => service.networks.length === 0).length * 2 > routed.length) return ['default'];
  }
  const usual = profile.compose?.defaultNetwork ?? 'default';
  if (usual === 'default' || declares(project, 'networks', usual)) return [usual];
  const services = siblingsIn(context, project);
  const [most] = services.length > 1 ? sharedNetworks(services).filter((name) => name !== 'default') : [];
  return [most !== undefined && declares(project, 'networks', most) ? most : usual];
}

/** Whether a network is the project's, or one that projects share: each has an `internal` of its own. */
function isWithinReach({ profile, tree }: EmitContext, project: ComposeProject, name: string): boolean {
  if (declares(project, 'networks', name)) return true;
  const declared = readComposeFiles(tree, profile).flatMap(({ file }) =>
    file.networks.has(name) ? [file.networks.get(name)] : [],
  );
  return declared.length === 1 || declared.some(isExternal);
}

/** The networks that more than half of the services are on, in their order. */
function sharedNetworks(services: readonly ComposeService[]): string[] {
  const names = [...new Set(services.flatMap((service) => service.networks))];
  return names.filter((name) => services.filter((one) => one.networks.includes(name)).length * 2 > services.length);
}

/** What the profile's network and those of the spec need in this project. */
export function planNetworks(
  context: EmitContext,
  target: ComposeTarget,
  project: ComposeProject,
  routed: readonly ComposeService[],
): NetworkPlan {
  const { manifest, profile } = context;
  const plan: NetworkPlan = { declarations: [], conflicts: [], refusals: [] };
  const joined = usualNetworks(context, project, routed);
  const reserved = isProxy(context) ? [] : (profile.compose?.reservedNetworks ?? []);
  const asked = manifest.runtime.compose?.networks ?? [];
  for (const [index, name] of asked.entries())
    if (reserved.includes(name))
      plan.conflicts.push({
        kind: 'name',
        field: `runtime.compose.networks.${index}`,
        path: target.path,
        message: `The network ${name} is for the proxy alone. Leave it out; the service is routed over ${joined.join(', ')}.`,
      });
  const own = joined.includes('default') ? sharedDefault(context, target, project) : undefined;
  if (own) plan.declarations.push(own);
  for (const name of new Set([...joined, ...asked])) {
    if (name === 'default' || reserved.includes(name) || declares(project, 'networks', name)) continue;
    const declaration = declarationOf(context, target, project, name);
    if (declaration) plan.declarations.push(declaration);
    else if (joined.includes(name)) plan.refusals.push(undeclared(target, name));
    else plan.conflicts.push(unknown(target, project, name, asked.indexOf(name)));
  }
  return plan;
}

/** What a service's own file says of Compose's default network, where most such files say that it is an external one: there all find each other. */
function sharedDefault(context: EmitContext, target: ComposeTarget, project: ComposeProject): Declaration | undefined {
  if (!target.own || target.includedBy !== undefined || declares(project, 'networks', 'default')) return undefined;
  const others = readComposeFiles(context.tree, context.profile).filter(
    ({ path }) => path !== target.path && isPerService(context, path),
  );
  const values = others.flatMap(({ file }) => {
    const value = file.networks.get('default');
    return isExternal(value) ? [JSON.stringify(value)] : [];
  });
  const most = majority(values);
  if (most === undefined || values.filter((one) => one === most).length * 2 <= others.length) return undefined;
  const value = toYamlValue(JSON.parse(most) as unknown);
  return { section: 'networks', file: project.file, name: 'default', value };
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
