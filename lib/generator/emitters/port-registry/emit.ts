/**
 * The port registry: one entry per port, in a commit of its own before anything uses the port (RUNBOOK-024, section 2). Also ports that are
 * only reached inside the network are documented (2.3).
 */
import { formatPortRange, overlaps, type PortRange } from '@/lib/services/port-range';
import { readComposeFiles } from '../../observe/compose-files';
import { listPools } from '../../observe/ports';
import { readRegistryFile } from '../../observe/registry-file';
import type { Conflict, EmitContext, Emission, Emitter, Finding, ResolvedPort } from '../../types';
import { commentsAbove } from '../../yaml/gap';
import { insertSequenceItems, toEdits } from '../../yaml/insert';
import { lineAt, placeAt, type YamlPath } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { asList, asRecord } from '../../yaml/read';
import { renderItem } from '../../yaml/render';
import { defaultStyle, learnStyle } from '../../yaml/style';
import { isOwnName, takenPorts } from '../taken-ports';
import { learnForm, writeEntry } from './entry-form';
import { readListedPort, type ListedPort } from './fields';
import { chooseNeighbour, groupsOf, type Group } from './neighbour';
import { owned } from './owned';

export const portRegistryEmitter: Emitter = {
  name: 'port-registry',
  commit: 'ports',
  applies: ({ manifest, profile }) => profile.ports !== undefined && manifest.ports.length > 0,
  emit,
  owned,
};

function emit(context: EmitContext): Emission {
  const { profile, tree } = context;
  const registry = profile.ports?.registry ?? '';
  const text = tree.read(registry);
  if (text === undefined)
    return {
      edits: [],
      refusals: [
        { path: registry, reason: 'The port registry is not there, or is not UTF-8 text.', ...byHand(context) },
      ],
    };
  const parsed = parseYaml(text, registry);
  if (!parsed.ok) return { edits: [], refusals: [{ ...parsed.refusal, ...byHand(context) }] };
  const { yaml } = parsed;
  const path = listPath(yaml, profile.ports?.section ?? 'ports');
  const listed = listedPorts(yaml, path);
  const missing = missingPorts(context, yaml, listed);
  const conflicts = [
    ...otherNumbers(context, yaml, path, listed, missing),
    ...takenPorts(context, (index) => missing.some((one) => one.index === index)),
  ];
  const findings = [...staleHints(context, yaml), ...outsidePool(context, yaml, missing)];
  if (missing.length === 0 || conflicts.length > 0)
    return { edits: [], conflicts, findings: missing.length ? findings : [] };

  const place = placeAt(yaml, path);
  const entries = place.kind === 'sequence' ? place.entries : [];
  const groups = groupsOf(text, entries, entries[0] ? commentsAbove(text, entries[0].start) : 0);
  const index = chooseNeighbour(context, listed, groups, {
    pools: listPools(tree, profile),
    stackServices: servicesOfStack(context),
  });
  const nearest = neighboursOf(listed, groups, index);
  const nodes = nearest.map((one) => entries[one.index]?.value);
  const flow = nodes.filter((node) => node !== null && node !== undefined && 'flow' in node && node.flow === true);
  const style = learnStyle(yaml, place.kind === 'sequence' ? [place.node, ...nodes] : [], String(path.at(-1) ?? ''));
  const form = learnForm(nearest, flow.length * 2 > nodes.length);
  const values = missing.map(({ port }) => writeEntry(context, port, form, style));
  const result = insertSequenceItems(yaml, path, values, { style, ...(index === undefined ? {} : { after: index }) });
  if (!result.ok) return { edits: [], refusals: [result.refusal], findings };
  return { edits: toEdits(registry, [result.splice]), findings };
}

/** The list that takes new entries: the document itself, or a key of it. */
function listPath(yaml: ParsedYaml, section: string): YamlPath {
  return asList(yaml.toJs()) || yaml.document.contents === null ? [] : [section];
}

function listedPorts(yaml: ParsedYaml, path: YamlPath): (ListedPort | undefined)[] {
  const root = yaml.toJs();
  const list = path.length === 0 ? asList(root) : asList(asRecord(root)?.[String(path[0])]);
  return (list ?? []).map((item, index) => {
    const entry = asRecord(item);
    return entry && readListedPort(entry, index);
  });
}

interface Missing {
  port: ResolvedPort;
  index: number;
}

/** The ports that no entry has for this service yet, neither in the list nor in a group. */
function missingPorts(context: EmitContext, yaml: ParsedYaml, listed: readonly (ListedPort | undefined)[]): Missing[] {
  const { manifest, profile } = context;
  const grouped = readRegistryFile(yaml).ports.filter(
    (port) => port.grouped && isOwnName(port.service, manifest.name, profile),
  );
  return manifest.ports
    .map((port, index) => ({ port, index }))
    .filter(({ port }) => {
      const { external } = port;
      if (listed.some((one) => one && isOwnName(one.service, manifest.name, profile) && isIdentical(one, port)))
        return false;
      return external === 'none' || !grouped.some((one) => one.protocol === port.protocol && same(one.range, external));
    });
}

function isIdentical(listed: ListedPort, port: ResolvedPort): boolean {
  const outside = port.external === 'none' ? undefined : port.external;
  if ((listed.protocol ?? 'tcp') !== port.protocol || !same(listed.external, outside)) return false;
  return listed.internal === undefined ? outside !== undefined : same(listed.internal, port.internal);
}

function same(a: PortRange | undefined, b: PortRange | undefined): boolean {
  return a?.from === b?.from && a?.to === b?.to;
}

/** Entries of this very service that say something else than the spec: two truths about one service are nobody's wish. */
function otherNumbers(
  context: EmitContext,
  yaml: ParsedYaml,
  path: YamlPath,
  listed: readonly (ListedPort | undefined)[],
  missing: readonly Missing[],
): Conflict[] {
  const { manifest, profile } = context;
  const others = listed.filter(
    (one) =>
      one !== undefined &&
      isOwnName(one.service, manifest.name, profile) &&
      !manifest.ports.some((port) => isIdentical(one, port)),
  );
  const conflicts: Conflict[] = [];
  for (const { port, index } of missing) {
    const other =
      others.find((one) => one?.portName === port.name) ??
      others.find((one) => one && (same(one.internal, port.internal) || same(one.external, rangeOf(port)))) ??
      others.find((one) => one && one.portName === undefined && (one.protocol ?? 'tcp') === port.protocol);
    if (!other) continue;
    others.splice(others.indexOf(other), 1);
    const line = lineAt(yaml, [...path, other.index]);
    conflicts.push({
      kind: 'port',
      field: `ports.${index}.external`,
      path: yaml.path,
      line,
      owner: other.service,
      message: `${manifest.name} is registered with ${describe(other)} (${yaml.path}:${line}), and the spec says ${describe({ external: rangeOf(port), internal: port.internal })}. Use the registered numbers, or change the registry first.`,
    });
  }
  return conflicts;
}

function rangeOf(port: ResolvedPort): PortRange | undefined {
  return port.external === 'none' ? undefined : port.external;
}

function describe(port: { external?: PortRange | undefined; internal?: PortRange | undefined }): string {
  const inside = port.internal ? ` to ${formatPortRange(port.internal)}` : '';
  return port.external ? `${formatPortRange(port.external)}${inside}` : `no published port${inside}`;
}

/** The neighbour's group; entries of another shape in it are outvoted when the form is learned. */
function neighboursOf(
  listed: readonly (ListedPort | undefined)[],
  groups: readonly Group[],
  index: number | undefined,
): ListedPort[] {
  const group = groups.find((one) => index !== undefined && one.first <= index && index <= one.last);
  return listed
    .filter((one) => one !== undefined)
    .filter((one) => group && group.first <= one.index && one.index <= group.last);
}

function servicesOfStack({ manifest, profile, tree }: EmitContext): ReadonlySet<string> {
  const stack = manifest.runtime.compose?.stack ?? profile.categories[manifest.category]?.stack;
  const files = readComposeFiles(tree, profile).filter((place) => stack !== undefined && place.stack === stack);
  return new Set(files.flatMap((place) => place.file.services.map((service) => service.name)));
}

/** Hints are never edited: who keeps them up decides what is next. */
function staleHints({ manifest }: EmitContext, yaml: ParsedYaml): Finding[] {
  const registry = readRegistryFile(yaml);
  return registry.hints.flatMap((hint): Finding[] => {
    const range = { from: hint.port, to: hint.port };
    const own = manifest.ports.some((port) => port.external !== 'none' && overlaps(port.external, range));
    const owner = registry.ports.find((port) => overlaps(port.range, range))?.service;
    const pool = registry.pools.find((one) => one.name === hint.pool);
    const concerned =
      own || manifest.ports.some((port) => port.external !== 'none' && pool && overlaps(pool, port.external));
    if (!concerned || (!own && owner === undefined)) return [];
    const message = `The hint says that ${hint.port} is the next free port of ${hint.pool}; ${own ? manifest.name : owner} has it now. Hints are left as they are.`;
    return [{ kind: 'stale-hint', path: yaml.path, line: hint.line, message }];
  });
}

function outsidePool(
  { manifest, profile, tree }: EmitContext,
  yaml: ParsedYaml,
  missing: readonly Missing[],
): Finding[] {
  const name = profile.categories[manifest.category]?.pool ?? manifest.category;
  const pool = listPools(tree, profile).find((one) => one.name === name);
  if (!pool) return [];
  return missing.flatMap(({ port }): Finding[] => {
    const range = rangeOf(port);
    if (!range || (pool.from <= range.from && range.to <= pool.to)) return [];
    const message = `${formatPortRange(range)} lies outside ${pool.name} (${pool.from}-${pool.to}), the pool of the category ${manifest.category}.`;
    return [{ kind: 'port-outside-range', path: yaml.path, message }];
  });
}

/** The entries as RUNBOOK-024 shows them, to be pasted where the file cannot be edited. */
function byHand(context: EmitContext): { paste: { under: string; text: string } } {
  const form = learnForm([], false);
  const items = context.manifest.ports.flatMap((port) =>
    renderItem(writeEntry(context, port, form, defaultStyle), 2, '', defaultStyle),
  );
  return { paste: { under: context.profile.ports?.section ?? 'ports', text: `${items.join('\n')}\n` } };
}
