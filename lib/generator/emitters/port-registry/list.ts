/** Bare ports in the registry's list: one entry for each, among its kind and in the form of the entries around it. */
import { readComposeFiles } from '../../observe/compose-files';
import { listPools } from '../../observe/ports';
import type { EmitContext } from '../../types';
import { commentsAbove } from '../../yaml/gap';
import { insertSequenceItems, type InsertResult } from '../../yaml/insert';
import { placeAt, type YamlPath } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { renderItem, type YamlValue } from '../../yaml/render';
import { defaultStyle, learnStyle } from '../../yaml/style';
import { learnForm, modelsFor, writeEntry } from './entry-form';
import { readListedPort, type ListedPort } from './fields';
import { chooseNeighbour, groupsOf, type Group } from './neighbour';
import { insertSection } from './new-section';
import type { Missing } from './obstacles';
import { valueAt } from './sections';

const lists = new WeakMap<ParsedYaml['document'], Map<string, (ListedPort | undefined)[]>>();

/** The entries of the list at a path, by index. */
export function listedPorts(yaml: ParsedYaml, path: YamlPath): readonly (ListedPort | undefined)[] {
  const known = lists.get(yaml.document) ?? new Map<string, (ListedPort | undefined)[]>();
  lists.set(yaml.document, known);
  const key = path.join('\n');
  const root: unknown = yaml.toJs();
  const list = path.length === 0 ? asList(root) : asList(valueAt(root, path));
  const ports =
    known.get(key) ??
    (list ?? []).map((item, index) => {
      const entry = asRecord(item);
      return entry && readListedPort(entry, index);
    });
  known.set(key, ports);
  return ports;
}

/** The text to insert for the ports that are missing, or a refusal. */
export function insertPorts(
  context: EmitContext,
  yaml: ParsedYaml,
  path: YamlPath,
  missing: readonly Missing[],
): InsertResult {
  const place = placeAt(yaml, path);
  const listed = listedPorts(yaml, path);
  const entries = place.kind === 'sequence' ? place.entries : [];
  const groups = groupsOf(yaml.text, entries, entries[0] ? commentsAbove(yaml.text, entries[0].start) : 0);
  const index = chooseNeighbour(context, listed, groups, {
    pools: listPools(context.tree, context.profile),
    stackServices: servicesOfStack(context),
  });
  const nearest = neighboursOf(listed, groups, index);
  const nodes = nearest.map((one) => entries[one.index]?.value);
  const flow = nodes.filter((node) => node !== null && node !== undefined && 'flow' in node && node.flow === true);
  const style = learnStyle(yaml, place.kind === 'sequence' ? [place.node, ...nodes] : [], String(path.at(-1) ?? ''));
  const inBraces = flow.length * 2 > nodes.length;
  const values = missing.map(({ port }) =>
    writeEntry(context, port, learnForm(modelsFor(port, nearest, listed), inBraces, statusesIn(listed)), style),
  );
  if (place.kind === 'absent' && path.length === 1) return insertSection(yaml, String(path[0]), values);
  return insertSequenceItems(yaml, path, values, { style, ...(index === undefined ? {} : { after: index }) });
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

function statusesIn(listed: readonly (ListedPort | undefined)[]): string[] {
  return listed.flatMap((one) => {
    const key = one && [...one.roles].find(([, role]) => role === 'status')?.[0];
    return (key === undefined ? undefined : asText(one?.entry[key])) ?? [];
  });
}

function servicesOfStack({ manifest, profile, tree }: EmitContext): ReadonlySet<string> {
  const stack = manifest.runtime.compose?.stack ?? profile.categories[manifest.category]?.stack;
  const files = readComposeFiles(tree, profile).filter((place) => stack !== undefined && place.stack === stack);
  return new Set(files.flatMap((place) => place.file.services.map((service) => service.name)));
}

/** The entries as RUNBOOK-024 shows them, to be pasted where the file cannot be edited. */
export function pasteText(context: EmitContext): { under: string; text: string } {
  const items = plainEntries(context).flatMap((entry) => renderItem(entry, 2, '', defaultStyle));
  return { under: context.profile.ports?.section ?? 'ports', text: `${items.join('\n')}\n` };
}

/** The entries of all ports in the usual form. */
export function plainEntries(context: EmitContext): YamlValue[] {
  const form = learnForm([], false);
  return context.manifest.ports.map((port) => writeEntry(context, port, form, defaultStyle));
}
