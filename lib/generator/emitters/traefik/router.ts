/** A router of the service, its keys in its neighbours' order and its entry points and TLS as the platform has them. */
import { isMap, type ParsedNode } from 'yaml';
import { commonEnding, writtenHosts } from '../../observe/host-variables';
import type { TraefikFile, TraefikRouter } from '../../observe/traefik-file';
import type { Conflict, EmitContext } from '../../types';
import { keyText } from '../../yaml/locate';
import { Flow, type YamlValue } from '../../yaml/render';
import { middlewaresOf } from './middlewares';
import { childOf, isFlow, textIn, type Model } from './model';
import type { RouteNames } from './names';
import { domainOf } from './neighbour';
import { choosePriority, routingLike, targetsOf, writeRule, type Routing } from './rule';
import { twinRouting } from './twin';

/** A router that the spec asks for. */
export interface WantedRouter {
  name: string;
  routing: Routing;
  rule: string;
  service: string;
  middlewares: readonly string[];
  certResolver: string | undefined;
}

/** The service's routers: its own and, where the platform has a second domain, the twin. */
export function wantedRouters(context: EmitContext, names: RouteNames, file: TraefikFile): WantedRouter[] {
  const { manifest, profile, tree } = context;
  const { traefik } = profile;
  const twin = twinRouting(context);
  const own = new Set([names.router, names.twin]);
  const others = file.routers.filter((one) => !own.has(one.name));
  const hosts = others.flatMap(({ rule }) => writtenHosts(rule));
  const ending = commonEnding(tree, others[0]?.path ?? file.path, hosts);
  const router = (name: string, routing: Routing, certResolver: string | undefined): WantedRouter => ({
    name,
    routing,
    rule: writeRule(routingLike(routing, ending, profile)),
    service: names.service,
    middlewares: middlewaresOf(context),
    certResolver,
  });
  return [
    ...(manifest.routing ? [router(names.router, manifest.routing, traefik?.certResolver)] : []),
    ...(twin ? [router(names.twin, twin, traefik?.twin?.certResolver)] : []),
  ];
}

/** The priority that a router needs, or the conflict that none will do. */
export function priorityFor(
  wanted: WantedRouter,
  others: readonly TraefikRouter[],
): { priority: number | undefined } | { conflict: Conflict } {
  const choice = choosePriority(wanted.rule, targetsOf(wanted.routing), others);
  if (choice.kind !== 'impossible') return { priority: choice.kind === 'set' ? choice.priority : undefined };
  const { above, below } = choice;
  const message = `The router ${above.name} (line ${above.line}) would take the requests before this one, and this one would take those of ${below.name} (line ${below.line}): no priority lets all three be reached. Choose another path.`;
  return {
    conflict: { kind: 'host', field: 'routing.path', path: above.path, line: above.line, owner: above.name, message },
  };
}

/** The router as its neighbour is written. */
export function writeRouter(
  context: EmitContext,
  file: TraefikFile,
  wanted: WantedRouter,
  priority: number | undefined,
  { node, style }: Model,
): YamlValue {
  const fields = new Map<string, YamlValue>([['rule', textIn(style, 'rule', wanted.rule)]]);
  const entryPoints = entryPointsOf(context, file, wanted);
  if (entryPoints.length > 0) fields.set('entryPoints', listLike(node, 'entryPoints', entryPoints));
  fields.set('service', wanted.service);
  if (priority !== undefined) fields.set('priority', priority);
  if (wanted.middlewares.length > 0) fields.set('middlewares', listLike(node, 'middlewares', wanted.middlewares));
  const secure = file.routers.filter((router) => router.tls !== undefined).length * 2 >= file.routers.length;
  if (wanted.certResolver !== undefined) fields.set('tls', { certResolver: wanted.certResolver });
  else if (secure) fields.set('tls', {});
  const model = isMap(node) ? node.items.map((pair) => keyText(pair.key)) : [];
  const keys = [...fields.keys()];
  const known = model.filter((key) => keys.includes(key));
  // Keys that the neighbour lacks stand behind the one that comes before them in the usual order.
  for (const [index, key] of keys.entries())
    if (!known.includes(key)) known.splice(index === 0 ? 0 : known.indexOf(keys[index - 1] ?? '') + 1, 0, key);
  return Object.fromEntries(known.map((key) => [key, fields.get(key) ?? null]));
}

/** On one line where the neighbour's list is. */
function listLike(node: ParsedNode | undefined, key: string, items: readonly string[]): YamlValue {
  return isFlow(childOf(node, key)) ? new Flow(items) : items;
}

/** The profile's entry points; else those that most routers of the same domain name. */
function entryPointsOf({ profile }: EmitContext, file: TraefikFile, { routing }: WantedRouter): readonly string[] {
  const own = profile.traefik?.entryPoints ?? [];
  if (own.length > 0) return own;
  const domain = domainOf(profile, routing.host);
  const beside = file.routers.filter((router) => router.targets.some((target) => target.host.endsWith(`.${domain}`)));
  const naming = beside.filter((router) => router.entryPoints.length > 0);
  return naming.length * 2 > beside.length ? (naming.at(-1)?.entryPoints ?? []) : [];
}
