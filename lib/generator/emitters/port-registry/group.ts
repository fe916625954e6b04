/** A service with a host in its group: among its relatives, in the form of the entries around it. */
import { mostShared, segments } from '../../observe/kinship';
import { workloadOf } from '../../naming';
import type { EmitContext } from '../../types';
import { commentsAbove } from '../../yaml/gap';
import { insertMapEntry, insertSequenceItem, type InsertResult } from '../../yaml/insert';
import { nodeAt, placeAt, type Entry, type YamlPath } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asRecord, asText } from '../../yaml/read';
import { Quoted, renderEntry, type YamlValue } from '../../yaml/render';
import { learnStyle, type Style } from '../../yaml/style';
import { formatPortRange } from '@/lib/services/port-range';
import { groupRole } from './group-fields';
import { groupName, writeGroupEntry } from './group-entry';
import { learnGroupForm, type GroupForm } from './group-form';
import { groupsOf } from './neighbour';
import { insertSection } from './new-section';
import { valueAt } from './sections';

/**
 * The text to insert, or a refusal.
 * @param alone whether the service stands here alone and not in the list as well.
 */
export function insertIntoGroup(context: EmitContext, yaml: ParsedYaml, path: YamlPath, alone: boolean): InsertResult {
  const place = placeAt(yaml, path);
  const form = learnGroupForm(yaml, path);
  const name = groupName(context, form);
  const entries = place.kind === 'map' || place.kind === 'sequence' ? place.entries : [];
  const after = chooseNeighbour(context, yaml, path, entries);
  const style = learnStyle(
    yaml,
    entries.map((entry) => entry.value),
  );
  if (form.kind === 'by-number') return refuseByNumber(context, yaml, path, style);
  const value = form.kind === 'numbers' ? numberEntry(context, style) : writeGroupEntry(context, form, style, alone);
  if (value === undefined) return refuseNumbers(context, yaml, path, name, form, style);
  const options = { ...(entries.length > 0 ? { style } : {}), ...(after === undefined ? {} : { after }) };
  if (place.kind === 'absent' && path.length === 1) return insertSection(yaml, String(path[0]), { [name]: value });
  if (form.kind === 'list') return insertSequenceItem(yaml, path, value, options);
  return insertMapEntry(yaml, path, name, value, options);
}

/** The one number of a service in a map of numbers; undefined where one number does not say it. */
function numberEntry({ manifest }: EmitContext, style: Style): YamlValue | undefined {
  const published = manifest.ports.flatMap((port) => (port.external === 'none' ? [] : [{ ...port.external, ...port }]));
  const [port] = published;
  if (!port || published.length > 1 || port.protocol === 'udp') return undefined;
  if (port.from === port.to) return port.from;
  const text = formatPortRange(port);
  return style.quotedFields.has('') ? text : new Quoted(text);
}

/** A number as a key is text to some readers and a number to others; how the value is written only its owner knows. */
function refuseByNumber({ manifest }: EmitContext, yaml: ParsedYaml, path: YamlPath, style: Style): InsertResult {
  const node = nodeAt(yaml, path);
  const under = path.length === 0 ? 'the top level' : path.join('.');
  const numbers = manifest.ports.flatMap((port) =>
    port.external === 'none' ? [] : [`  ${formatPortRange(port.external)}: ${manifest.name}\n`],
  );
  const indent = ' '.repeat(Math.max(0, style.mapIndent - 2));
  return {
    ok: false,
    refusal: {
      path: yaml.path,
      ...(node ? { line: yaml.lineOf(node.range[0]) } : {}),
      reason: `${under}: It has a service for each number. Add those of ${manifest.name} by hand, as the others are written.`,
      paste: { under, text: numbers.map((line) => indent + line).join('') },
    },
  };
}

function refuseNumbers(
  context: EmitContext,
  yaml: ParsedYaml,
  path: YamlPath,
  name: string,
  form: GroupForm,
  style: Style,
): InsertResult {
  const node = nodeAt(yaml, path);
  const entry = writeGroupEntry(context, { ...form, kind: 'map' }, style, true);
  const under = path.length === 0 ? 'the top level' : path.join('.');
  return {
    ok: false,
    refusal: {
      path: yaml.path,
      ...(node ? { line: yaml.lineOf(node.range[0]) } : {}),
      reason: `${under}: It has one number for each service, and ${context.manifest.name} has ports that one number does not say. Write them as you would have them.`,
      paste: {
        under,
        text: renderEntry(name, entry, 2, style)
          .map((line) => `${line}\n`)
          .join(''),
      },
    },
  };
}

/** The key or index of the entry to stand behind: a relative by name, else the last that is not under a project's banner. */
function chooseNeighbour(
  { manifest }: EmitContext,
  yaml: ParsedYaml,
  path: YamlPath,
  entries: readonly Entry[],
): string | number | undefined {
  const banners = groupsOf(yaml.text, entries, entries[0] ? commentsAbove(yaml.text, entries[0].start) : 0);
  const words = new Set(segments(manifest.category));
  let best: { key: string | number; score: number } | undefined;
  entries.forEach((entry, index) => {
    const banner = banners.find((group) => group.first <= index && index <= group.last)?.banner ?? '';
    const name = nameOf(yaml, path, entry);
    const score =
      40 * mostShared(name, [manifest.name, workloadOf(manifest)]) +
      (segments(banner).some((word) => words.has(word)) ? 30 : 0) -
      (/\bprojects?\b/i.test(banner) ? 100 : 0);
    if (!best || score >= best.score) best = { key: entry.key, score };
  });
  return best?.key;
}

function nameOf(yaml: ParsedYaml, path: YamlPath, entry: Entry): string {
  if (typeof entry.key === 'string') return entry.key;
  const list: unknown = valueAt(yaml.toJs(), path);
  const fields = asRecord(Array.isArray(list) ? (list as unknown[])[entry.key] : undefined) ?? {};
  const key = Object.keys(fields).find((one) => groupRole(one) === 'name');
  return (key === undefined ? undefined : asText(fields[key])) ?? '';
}
