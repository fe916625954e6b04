/** Puts a route's entries into a dynamic file that people keep, or writes a new one beside its siblings. */
import { isMap } from 'yaml';
import type { TraefikFile } from '../../observe/traefik-file';
import type { EmitContext, FileEdit, Refusal } from '../../types';
import { insertMapEntries, insertMapEntry, toEdits, type InsertResult } from '../../yaml/insert';
import { lineBreak } from '../../yaml/lines';
import { keyText, nodeAt, placeAt, type Entry } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { renderEntry, type YamlValue } from '../../yaml/render';
import { blankLinesBetween, defaultStyle, learnStyle, type Style } from '../../yaml/style';
import { sections, type RouteEntry, type Section } from './entries';
import type { Model } from './model';
import { neighbourhood } from './neighbour';
import { transportModel } from './transport';

/** The edits of the file, or why it is left alone, with the text to paste. */
export function insertEntries(
  context: EmitContext,
  yaml: ParsedYaml,
  file: TraefikFile,
  entries: readonly RouteEntry[],
): { edits: FileEdit[]; refusals: Refusal[] } {
  const near = chooseNeighbours(context, yaml, file, entries);
  const results = sections.flatMap((section): InsertResult[] => {
    const added = entries.filter((entry) => entry.section === section);
    if (added.length === 0) return [];
    if (placeAt(yaml, ['http', section]).kind === 'absent') {
      const model = { style: learnStyle(yaml) };
      const value = Object.fromEntries(added.map((entry) => [entry.name, entry.write(model)]));
      return [insertMapEntry(yaml, ['http'], section, value)];
    }
    return added.map((entry) =>
      insertEntry(yaml, entry, near.get(entry), modelFor(yaml, file, entry, near.get(entry))),
    );
  });
  return {
    edits: toEdits(
      yaml.path,
      results.flatMap((result) => (result.ok ? [result.splice] : [])),
    ),
    refusals: results.flatMap((result) => (result.ok ? [] : [result.refusal])),
  };
}

function insertEntry(yaml: ParsedYaml, entry: RouteEntry, after: string | undefined, model: Model): InsertResult {
  const path = ['http', entry.section];
  return insertMapEntries(yaml, path, [[entry.name, entry.write(model)]], {
    style: model.style,
    blankLines: blankLinesBetween(yaml, entriesOf(yaml, entry.section)) ?? 1,
    ...(after === undefined ? {} : { after }),
  });
}

function modelFor(yaml: ParsedYaml, file: TraefikFile, entry: RouteEntry, after: string | undefined): Model {
  const name = entry.section === 'serversTransports' ? (transportModel(file)?.name ?? after) : after;
  const node = name === undefined ? undefined : nodeAt(yaml, ['http', entry.section, name]);
  return { node, style: learnStyle(yaml, [node]) };
}

function chooseNeighbours(
  context: EmitContext,
  yaml: ParsedYaml,
  file: TraefikFile,
  entries: readonly RouteEntry[],
): Map<RouteEntry, string | undefined> {
  const nearby = neighbourhood(context, yaml.text, file);
  const [routers, services, transports] = sections.map((section) => entriesOf(yaml, section));
  const chosen = new Map<RouteEntry, string | undefined>();
  for (const entry of entries)
    if (entry.section === 'routers') chosen.set(entry, nearby.router(routers ?? [], entry.host ?? ''));
  const router = [...chosen.values()][0] ?? nearby.router(routers ?? [], context.manifest.routing?.host ?? '');
  for (const entry of entries) {
    if (entry.section === 'services') chosen.set(entry, nearby.service(services ?? [], router));
    if (entry.section === 'serversTransports') chosen.set(entry, nearby.transport(transports ?? []));
  }
  return chosen;
}

function entriesOf(yaml: ParsedYaml, section: Section): Entry[] {
  const place = placeAt(yaml, ['http', section]);
  return place.kind === 'map' ? place.entries : [];
}

/** A new file of a folder, its sections, indentation, quotes and line breaks as in the sibling. */
export function newFile(
  context: EmitContext,
  entries: readonly RouteEntry[],
  file: TraefikFile,
  model: string | undefined,
): string {
  const text = model === undefined ? undefined : context.tree.read(model);
  const parsed = text === undefined || model === undefined ? undefined : parseYaml(text, model);
  const yaml = parsed?.ok === true ? parsed.yaml : undefined;
  const style = yaml ? learnStyle(yaml) : defaultStyle;
  const node = (section: Section): Model => ({ style, node: yaml && firstOf(yaml, section, file) });
  const http = yaml && nodeAt(yaml, ['http']);
  const order = isMap(http) ? http.items.map((pair) => keyText(pair.key)) : [];
  const present = sections.filter((section) => entries.some((entry) => entry.section === section));
  const sorted = [...order.flatMap((key) => present.filter((one) => one === key)), ...present].filter(
    (section, index, all) => all.indexOf(section) === index,
  );
  const place = yaml && placeAt(yaml, ['http']);
  const blank = yaml && place?.kind === 'map' ? (blankLinesBetween(yaml, place.entries) ?? 0) : 0;
  const lines = sorted.flatMap((section, index) => [
    ...(index > 0 ? Array<string>(blank).fill('') : []),
    ...sectionLines(section, entries, node(section), style.mapIndent),
  ]);
  const start = text?.startsWith('---') === true ? ['---'] : [];
  const newline = text === undefined ? '\n' : lineBreak(text, text.length);
  return [...start, 'http:', ...lines, ''].join(newline);
}

function firstOf(yaml: ParsedYaml, section: Section, file: TraefikFile) {
  const name = section === 'serversTransports' ? transportModel(file)?.name : entriesOf(yaml, section).at(0)?.key;
  return name === undefined ? undefined : nodeAt(yaml, ['http', section, name]);
}

function sectionLines(section: Section, entries: readonly RouteEntry[], model: Model, indent: number): string[] {
  const values: [string, YamlValue][] = entries
    .filter((entry) => entry.section === section)
    .map((entry) => [entry.name, entry.write(model)]);
  return renderEntry(section, Object.fromEntries(values), indent, model.style);
}

/** The entries as they are pasted below `http` where a file cannot be edited. */
export function pasteText(entries: readonly RouteEntry[], style: Style = defaultStyle): string {
  const lines = sections.flatMap((section) =>
    entries.some((entry) => entry.section === section) ? sectionLines(section, entries, { style }, 2) : [],
  );
  return lines.map((line) => `${line}\n`).join('');
}
