/** A port registry in JSON: entries go in front of the last one of the list, since a new last one would need a comma on the line before it. */
import { insertElement, linesOfChild } from '../../json/insert';
import { parseJson } from '../../json/parse';
import type { EmitContext, Emission, OwnedPart } from '../../types';
import type { ParsedYaml } from '../../yaml/parse';
import { Alias, Flow, Quoted, type YamlValue } from '../../yaml/render';
import { defaultStyle } from '../../yaml/style';
import { learnForm, modelsFor, writeEntry } from './entry-form';
import { groupName, writeGroupEntry } from './group-entry';
import { learnGroupForm } from './group-form';
import { listedPorts, plainEntries } from './list';
import type { Missing } from './obstacles';
import type { RegistrySections } from './sections';

export function isJson(path: string): boolean {
  return /\.json$/i.test(path);
}

/** What is pasted where the service has to stand in a group. */
export function jsonText(
  context: EmitContext,
  yaml: ParsedYaml,
  sections: RegistrySections,
): { under: string; text: string } {
  const group = sections.group ?? [];
  const form = learnGroupForm(yaml, group);
  const entry = plain(writeGroupEntry(context, form, defaultStyle, sections.list === undefined));
  const named = form.kind === 'list' ? entry : { [groupName(context, form)]: entry };
  return { under: group.join('.') || 'the top level', text: `${JSON.stringify(named, null, 2)}\n` };
}

/** @param yaml the same text, read as the YAML that JSON is. */
export function insertJsonPorts(
  context: EmitContext,
  yaml: ParsedYaml,
  path: readonly string[],
  missing: readonly Missing[],
): Emission {
  const parsed = parseJson(yaml.text, yaml.path);
  if (!parsed.ok) {
    const entries = plainEntries(context).map((entry) => JSON.stringify(plain(entry), null, 2));
    const paste = { under: 'the list of ports', text: `${entries.join(',\n')}\n` };
    return { edits: [], refusals: [{ ...parsed.refusal, paste }] };
  }
  const listed = listedPorts(yaml, path).filter((one) => one !== undefined);
  const results = missing.map(({ port }) => {
    const form = learnForm(modelsFor(port, listed, listed), false);
    return insertElement(parsed.json, path, plain(writeEntry(context, port, form, defaultStyle)));
  });
  const refusals = results.flatMap((result) => (result.ok ? [] : [result.refusal]));
  if (refusals.length > 0) return { edits: [], refusals };
  const [first] = results;
  const text = results.map((result) => (result.ok ? result.text : '')).join('');
  if (first?.ok !== true) return { edits: [] };
  return { edits: [{ kind: 'splice', path: yaml.path, start: first.offset, end: first.offset, text }] };
}

/** The whole lines of entries of a JSON file; those that cannot be taken out alone are left. */
export function jsonParts(text: string, path: string, entries: readonly (readonly (string | number)[])[]): OwnedPart[] {
  const parsed = parseJson(text, path);
  if (!parsed.ok) return [];
  return entries.flatMap((at): OwnedPart[] => {
    const lines = linesOfChild(parsed.json, at);
    return lines ? [{ kind: 'lines', path, ...lines }] : [];
  });
}

/** A value as JSON has it, without the forms that only YAML has. */
function plain(value: YamlValue): unknown {
  if (value instanceof Quoted) return value.text;
  if (value instanceof Alias) return value.name;
  const inner = value instanceof Flow ? value.value : value;
  if (Array.isArray(inner)) return inner.map((one: YamlValue) => plain(one));
  if (typeof inner !== 'object' || inner === null) return inner;
  return Object.fromEntries(Object.entries(inner).map(([key, one]: [string, YamlValue]) => [key, plain(one)]));
}
