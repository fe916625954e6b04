/** The route in Traefik's dynamic file: a router among those of its domain and a service for its backend (RUNBOOK-024, section 4). */
import { isMap, isSeq, type ParsedNode } from 'yaml';
import {
  mergeTraefikFiles,
  readTraefikFile,
  type TraefikFile,
  type TraefikRouter,
  type TraefikService,
} from '../../observe/traefik-file';
import type { Conflict, EmitContext, Emission, Emitter, FollowUp, Refusal } from '../../types';
import { insertMapEntry, toEdits, type InsertResult } from '../../yaml/insert';
import { keyText, nodeAt, placeAt, type Entry } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { Flow, Quoted, renderEntry, type YamlValue } from '../../yaml/render';
import { blankLinesBetween, defaultStyle, learnStyle, type Style } from '../../yaml/style';
import { mtlsByHand } from '../mtls-by-hand';
import { chooseNeighbours } from './neighbour';
import {
  hostFindings,
  middlewaresOf,
  missingMiddlewares,
  routedPort,
  takenHosts,
  unreachableBackend,
} from './obstacles';
import { choosePriority, targetsOf, writeRule } from './rule';

export const traefikEmitter: Emitter = {
  name: 'traefik',
  commit: 'routing',
  // A service of Kubernetes alone gets its host from its chart's ingress.
  applies: ({ manifest, profile }) =>
    profile.traefik !== undefined && manifest.routing !== undefined && manifest.runtime.compose !== undefined,
  emit,
};

type Part = 'routers' | 'services';

function emit(context: EmitContext): Emission {
  const path = context.profile.traefik?.dynamic ?? '';
  const text = context.tree.read(path);
  const refuse = (reason: string, line?: number): Emission => ({
    edits: [],
    refusals: [byHand(context, path, reason, line)],
  });
  if (text === undefined) return refuse('The dynamic file is not there, or is not UTF-8 text.');
  const parsed = parseYaml(text, path);
  if (!parsed.ok) return refuse(parsed.refusal.reason, parsed.refusal.line);
  const { yaml } = parsed;
  if (!isMap(nodeAt(yaml, ['http']))) return refuse('There is no map `http` in it that holds routers and services.');

  const file = readTraefikFile(yaml);
  const names = namesOf(context);
  const others = file.routers.filter((router) => router.name !== names.router);
  const mtls = mtlsByHand(context);
  const conflicts = [
    ...takenHosts(context, file, others),
    ...missingMiddlewares(context, file),
    ...unreachableBackend(context),
    ...differentAlready(context, file),
  ];
  if (conflicts.length > 0) return { edits: [], conflicts, findings: mtls.findings };
  const findings = [...hostFindings(context, file, others), ...mtls.findings];
  const priority = choosePriority(
    ruleOf(context),
    context.manifest.routing ? targetsOf(context.manifest.routing) : [],
    others,
  );
  if (priority.kind === 'impossible') {
    const { above, below } = priority;
    const message = `The router ${above.name} (line ${above.line}) would take the requests before this one, and this one would take those of ${below.name} (line ${below.line}): no priority lets all three be reached. Choose another path.`;
    return {
      edits: [],
      conflicts: [{ kind: 'host', field: 'routing.path', path, line: above.line, owner: above.name, message }],
      findings,
    };
  }

  const routers = entriesOf(yaml, 'routers');
  const services = entriesOf(yaml, 'services');
  const near = chooseNeighbours(context, text, file, { routers, services });
  const results: InsertResult[] = [];
  if (!file.routers.some((router) => router.name === names.router)) {
    const value = writeRouter(
      context,
      yaml,
      file,
      near.router,
      priority.kind === 'set' ? priority.priority : undefined,
    );
    results.push(insert(yaml, 'routers', names.router, value, routers, near.router));
  }
  if (!file.services.some((service) => service.name === names.service)) {
    const value = writeService(context, file, learnStyle(yaml));
    results.push(insert(yaml, 'services', names.service, value, services, near.service));
  }
  const refusals = results.flatMap((result) => (result.ok ? [] : [result.refusal]));
  if (refusals.length > 0) return { edits: [], refusals, findings };
  const splices = results.flatMap((result) => (result.ok ? [result.splice] : []));
  return {
    edits: toEdits(path, splices),
    findings: splices.length > 0 ? findings : [],
    followUps: splices.length > 0 ? [...reloadStep(context), ...mtls.followUps] : [],
  };
}

function namesOf({ manifest, profile }: EmitContext): { router: string; service: string } {
  return {
    router: `${manifest.name}${profile.traefik?.routerSuffix ?? ''}`,
    service: `${manifest.name}${profile.traefik?.serviceSuffix ?? ''}`,
  };
}

function ruleOf({ manifest }: EmitContext): string {
  return manifest.routing ? writeRule(manifest.routing) : '';
}

function backendOf(context: EmitContext): string {
  const { manifest, profile } = context;
  const port = routedPort(context)?.port;
  if (profile.traefik?.backend === 'container')
    return `http://${profile.naming.containerPrefix}${manifest.name}:${port?.internal.from ?? 80}`;
  const external = port?.external;
  return `http://${profile.traefik?.dockerHost ?? 'host.docker.internal'}:${external === undefined || external === 'none' ? 80 : external.from}`;
}

/** A router or a service of our names that says something else: somebody's own, or an older form of ours. */
function differentAlready(context: EmitContext, file: TraefikFile): Conflict[] {
  const names = namesOf(context);
  const router = file.routers.find((one) => one.name === names.router);
  const service = file.services.find((one) => one.name === names.service);
  const conflict = (what: string, place: TraefikRouter | TraefikService, differing: readonly string[]): Conflict[] =>
    differing.length === 0
      ? []
      : [
          {
            kind: 'name',
            field: 'name',
            path: file.path,
            line: place.line,
            owner: context.manifest.name,
            message: `There is a ${what} ${place.name} already (${file.path}:${place.line}), and its ${differing.join(', ')} ${differing.length === 1 ? 'differs' : 'differ'} from the spec. Choose another name, or change it by hand.`,
          },
        ];
  const unlike = (name: string, there: unknown, wanted: unknown): string[] =>
    JSON.stringify(there) === JSON.stringify(wanted) ? [] : [name];
  return [
    ...(router
      ? conflict('router', router, [
          ...unlike('rule', router.rule.replace(/\s+/g, ' ').trim(), ruleOf(context)),
          ...unlike('service', router.service, names.service),
          ...unlike('middlewares', router.middlewares, middlewaresOf(context)),
        ])
      : []),
    ...(service ? conflict('service', service, unlike('url', service.urls, [backendOf(context)])) : []),
  ];
}

/** A router with the keys in its neighbours' order. */
function writeRouter(
  context: EmitContext,
  yaml: ParsedYaml,
  file: TraefikFile,
  near: string | undefined,
  priority: number | undefined,
): YamlValue {
  const { profile } = context;
  const node = near === undefined ? undefined : nodeAt(yaml, ['http', 'routers', near]);
  const middlewares = middlewaresOf(context);
  const oneLine = isSeq(childOf(node, 'middlewares')) ? isFlow(childOf(node, 'middlewares')) : false;
  const fields = new Map<string, YamlValue>([['rule', textIn(learnStyle(yaml), 'rule', ruleOf(context))]]);
  const entryPoints = entryPointsOf(context, file);
  if (entryPoints.length > 0) fields.set('entryPoints', entryPoints);
  fields.set('service', namesOf(context).service);
  if (priority !== undefined) fields.set('priority', priority);
  if (middlewares.length > 0) fields.set('middlewares', oneLine ? new Flow(middlewares) : middlewares);
  const resolver = profile.traefik?.certResolver;
  const secure = file.routers.filter((router) => router.tls !== undefined).length * 2 >= file.routers.length;
  if (resolver !== undefined) fields.set('tls', { certResolver: resolver });
  else if (secure) fields.set('tls', {});
  const model = isMap(node) ? node.items.map((pair) => keyText(pair.key)) : [];
  const keys = [...fields.keys()];
  const known = model.filter((key) => keys.includes(key));
  // Keys that the neighbour lacks stand behind the one that comes before them in the usual order.
  for (const [index, key] of keys.entries())
    if (!known.includes(key)) known.splice(index === 0 ? 0 : known.indexOf(keys[index - 1] ?? '') + 1, 0, key);
  return Object.fromEntries(known.map((key) => [key, fields.get(key) ?? null]));
}

/** The profile's entry points; else those that most routers of the same domain name. */
function entryPointsOf({ manifest, profile }: EmitContext, file: TraefikFile): readonly string[] {
  const own = profile.traefik?.entryPoints ?? [];
  if (own.length > 0) return own;
  const domain = manifest.routing?.host.replace(/^[^.]+\./, '') ?? '';
  const beside = file.routers.filter((router) => router.targets.some((target) => target.host.endsWith(`.${domain}`)));
  const naming = beside.filter((router) => router.entryPoints.length > 0);
  return naming.length * 2 > beside.length ? (naming.at(-1)?.entryPoints ?? []) : [];
}

function writeService(context: EmitContext, file: TraefikFile, style: Style): YamlValue {
  const servers = [{ url: textIn(style, 'url', backendOf(context)) }];
  if (context.manifest.routing?.sse !== true) return { loadBalancer: { servers } };
  const intervals = file.services.flatMap((service) => service.flushInterval ?? []);
  // Negative: pass every write on at once.
  const flushInterval = intervals.find((interval) => interval.startsWith('-')) ?? '-1ms';
  return { loadBalancer: { servers, responseForwarding: { flushInterval } } };
}

/** Rules and addresses stand in quotes unless the file leaves them plain. */
function textIn(style: Style, field: string, text: string): YamlValue {
  return style.quotedFields.get(field) === false ? text : new Quoted(text);
}

function entriesOf(yaml: ParsedYaml, part: Part): Entry[] {
  const place = placeAt(yaml, ['http', part]);
  return place.kind === 'map' ? place.entries : [];
}

function insert(
  yaml: ParsedYaml,
  part: Part,
  name: string,
  value: YamlValue,
  entries: readonly Entry[],
  after: string | undefined,
): InsertResult {
  if (placeAt(yaml, ['http', part]).kind === 'absent') return insertMapEntry(yaml, ['http'], part, { [name]: value });
  const near = after === undefined ? [] : [nodeAt(yaml, ['http', part, after])];
  return insertMapEntry(yaml, ['http', part], name, value, {
    style: learnStyle(yaml, near),
    blankLines: blankLinesBetween(yaml, entries) ?? 1,
    ...(after === undefined ? {} : { after }),
  });
}

function reloadStep({ profile }: EmitContext): FollowUp[] {
  const command = profile.traefik?.reloadCommand;
  return command === undefined
    ? []
    : [{ phase: 'routing', key: 'traefik-reload', title: 'Let Traefik read its file again', command }];
}

function byHand(context: EmitContext, path: string, reason: string, line: number | undefined): Refusal {
  const names = namesOf(context);
  const empty = mergeTraefikFiles(path, []);
  const router: YamlValue = {
    rule: new Quoted(ruleOf(context)),
    service: names.service,
    ...(middlewaresOf(context).length > 0 ? { middlewares: middlewaresOf(context) } : {}),
    tls:
      context.profile.traefik?.certResolver === undefined ? {} : { certResolver: context.profile.traefik.certResolver },
  };
  const lines = [
    '  routers:',
    ...renderEntry(names.router, router, 4, defaultStyle),
    '  services:',
    ...renderEntry(names.service, writeService(context, empty, defaultStyle), 4, defaultStyle),
  ];
  return {
    path,
    ...(line === undefined ? {} : { line }),
    reason,
    paste: { under: 'http', text: `${lines.join('\n')}\n` },
  };
}

function childOf(node: ParsedNode | undefined, key: string): ParsedNode | null | undefined {
  return isMap(node) ? node.items.find((pair) => keyText(pair.key) === key)?.value : undefined;
}

function isFlow(node: ParsedNode | null | undefined): boolean {
  return isSeq(node) && node.flow === true;
}
