/**
 * The route in Traefik's dynamic files: a router among those of its domain, its twin under the platform's second domain, a service for its
 * backend and, with mTLS, a transport (RUNBOOK-024, section 4). Routers of `tcp` and `udp` are left alone.
 */
import { whyUnread } from '../../observe/read-yaml';
import { isMap } from 'yaml';
import { labelledMiddlewares } from '../../observe/hosts';
import { isDynamicFolder, mergeTraefikFiles, readTraefikFiles, type TraefikFile } from '../../observe/traefik-file';
import { profilePath } from '../../profile';
import type { EmitContext, Emission, Emitter, Refusal } from '../../types';
import { nodeAt } from '../../yaml/locate';
import { parseYaml } from '../../yaml/parse';
import { routeEntries, type RouteEntry } from './entries';
import { routeFollowUps } from './follow-ups';
import { insertEntries, newFile, pasteText } from './insert-entries';
import { bufferedStream, missingMiddlewares } from './middlewares';
import { namesAfter, routeNames, type RouteNames } from './names';
import { differentAlready, hostFindings, takenHosts, takenRouters, unreachableBackend } from './obstacles';
import { owned } from './owned';
import { priorityFor, wantedRouters, type WantedRouter } from './router';
import { targetOf, type Target } from './target';
import { tomlText } from './toml';
import { missingCertificates, wrappedTransports } from './transport';

export const traefikEmitter: Emitter = {
  name: 'traefik',
  commit: 'routing',
  // A service of Kubernetes alone gets its host from its chart's ingress.
  applies: ({ manifest, profile }) =>
    profile.traefik !== undefined && manifest.routing !== undefined && manifest.runtime.compose !== undefined,
  emit,
  owned,
};

function emit(context: EmitContext): Emission {
  const { profile, tree } = context;
  const files = readTraefikFiles(tree, profile);
  const file = mergeTraefikFiles(profile.traefik?.dynamic ?? '', files);
  const names = profile.traefik?.labels
    ? namesAfter(context.manifest.name, profile.traefik)
    : routeNames(context, file);
  const wanted = wantedRouters(context, names, file);
  const target = targetOf(context, files, names);
  if (profile.traefik?.labels) return emitBesideLabels(context, target, file, names, wanted);
  if (!target) return { edits: [] };
  const refusal = obstacleIn(context, target);
  if (refusal) {
    const all = routeEntries(context, mergeTraefikFiles(file.path, []), names, withoutPriority(wanted));
    return { edits: [], refusals: [{ ...refusal, paste: pasteOf(context, target.path, all) }] };
  }
  const shown = isDynamicFolder(tree, profile) ? { ...file, path: profile.traefik?.dynamic ?? file.path } : file;
  const own = new Set(wanted.map((router) => router.name));
  const others = file.routers.filter((router) => !own.has(router.name));
  const priorities = wanted.map((router) => priorityFor(router, others));
  const conflicts = [
    ...takenHosts(context, wanted),
    ...missingMiddlewares(context, shown),
    ...unreachableBackend(context),
    ...missingCertificates(context, file),
    ...differentAlready(context, file, names, wanted),
  ];
  if (conflicts.length > 0) return { edits: [], conflicts };
  const findings = [
    ...hostFindings(context, file, wanted),
    ...bufferedStream(context, shown),
    ...(context.manifest.security.mtls ? wrappedTransports(file) : []),
  ];
  const impossible = priorities.flatMap((one) => ('conflict' in one ? [one.conflict] : []));
  if (impossible.length > 0) return { edits: [], conflicts: impossible, findings };
  const ranked = wanted.map((router, index) => ({ ...router, priority: priorityAt(priorities, index) }));
  const entries = routeEntries(context, file, names, ranked);
  if (entries.length === 0) return { edits: [] };
  const { edits, refusals } = write(context, target, files, file, entries);
  if (refusals.length > 0) return { edits: [], refusals, findings };
  return { edits, findings, followUps: routeFollowUps(context, file, wanted) };
}

/**
 * Where routes are labels, Compose carries router and service. What is left is what labels cannot say: a transport, which stands in a dynamic
 * file, and what people do after the merge.
 */
function emitBesideLabels(
  context: EmitContext,
  target: Target | undefined,
  file: TraefikFile,
  names: RouteNames,
  wanted: readonly WantedRouter[],
): Emission {
  const { manifest, profile, tree } = context;
  const known = { ...file, middlewares: [...file.middlewares, ...labelledMiddlewares(tree, profile)] };
  const conflicts = [
    ...takenHosts(context, wanted),
    ...takenRouters(context),
    ...missingMiddlewares(context, known),
    ...(manifest.security.mtls ? missingCertificates(context, file) : []),
  ];
  if (conflicts.length > 0) return { edits: [], conflicts };
  const followUps = routeFollowUps(context, file, wanted);
  const transports = routeEntries(context, file, names, []).filter((entry) => entry.section === 'serversTransports');
  if (transports.length === 0) return { edits: [], followUps };
  const refusal = target ? obstacleIn(context, target) : withoutDynamicFile;
  if (!target || refusal) {
    const paste = pasteOf(context, target?.path ?? 'dynamic.yml', transports);
    return { edits: [], refusals: [{ ...(refusal ?? withoutDynamicFile), paste }] };
  }
  const { edits, refusals } = write(context, target, [file], file, transports);
  return refusals.length > 0 ? { edits: [], refusals } : { edits, followUps };
}

const withoutDynamicFile: Refusal = {
  path: profilePath,
  reason: 'Labels cannot say a transport, and the profile names no dynamic file for it (traefik.dynamic).',
};

function write(
  context: EmitContext,
  target: Target,
  files: readonly TraefikFile[],
  all: TraefikFile,
  entries: readonly RouteEntry[],
): Required<Pick<Emission, 'edits' | 'refusals'>> {
  if (target.kind === 'new')
    return {
      edits: [{ kind: 'create', path: target.path, text: newFile(context, entries, all, target.model) }],
      refusals: [],
    };
  const parsed = parseYaml(context.tree.read(target.path) ?? '', target.path);
  if (!parsed.ok) return { edits: [], refusals: [parsed.refusal] };
  // What is learned is learned from all files, and what stands beside it is in this one.
  return insertEntries(context, parsed.yaml, files.length === 1 ? all : { ...all, path: target.path }, entries);
}

/** Why the file cannot take the route; undefined where it can. */
function obstacleIn({ tree }: EmitContext, target: Target): Refusal | undefined {
  if (target.kind === 'new') return undefined;
  const { path } = target;
  const text = tree.read(path);
  if (text === undefined) return { path, reason: `The dynamic file ${whyUnread(tree, path)}.` };
  if (isToml(path)) return { path, reason: 'A TOML file: only YAML is edited here.' };
  const parsed = parseYaml(text, path);
  if (!parsed.ok) return parsed.refusal;
  return isMap(nodeAt(parsed.yaml, ['http']))
    ? undefined
    : { path, reason: 'There is no map `http` in it that holds routers and services.' };
}

function pasteOf(context: EmitContext, path: string, entries: readonly RouteEntry[]): { under: string; text: string } {
  return isToml(path)
    ? { under: 'the end of the file', text: tomlText(entries) }
    : { under: 'http', text: pasteText(entries) };
}

function isToml(path: string): boolean {
  return path.endsWith('.toml');
}

function withoutPriority(wanted: readonly WantedRouter[]): (WantedRouter & { priority: number | undefined })[] {
  return wanted.map((router) => ({ ...router, priority: undefined }));
}

function priorityAt(priorities: readonly ReturnType<typeof priorityFor>[], index: number): number | undefined {
  const one = priorities[index];
  return one && 'priority' in one ? one.priority : undefined;
}
