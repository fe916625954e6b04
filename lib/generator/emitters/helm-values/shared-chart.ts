/** One chart for many services, as its values file and its templates show it: where the blocks are, and which fields they have. */
import type { EmitContext, Refusal } from '../../types';
import { placeAt, type Entry, type YamlPath } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { asRecord, asText } from '../../yaml/read';

/** A service's block. */
export interface Block {
  name: string;
  /** Key or index under the section. */
  key: string | number;
  fields: Record<string, unknown>;
}

export interface SharedChart {
  yaml: ParsedYaml;
  section: YamlPath;
  form: 'map' | 'list';
  /** The key that carries the name, where the blocks are a list. */
  nameKey: string;
  entries: readonly Entry[];
  /** In the order of the file. */
  blocks: readonly Block[];
  /** Words that the templates read from something: `$service.replicas` gives `replicas`. */
  mentioned: ReadonlySet<string>;
}

const NAME_KEYS = ['name', 'service', 'app', 'id'];

/** The shared chart of the profile; a refusal where its values file is not there or cannot be edited. */
export function readSharedChart({
  profile,
  tree,
}: Pick<EmitContext, 'profile' | 'tree'>): { chart: SharedChart } | { refusal: Refusal } {
  const { chart, values, section } = profile.helm?.shared ?? { chart: '', values: 'slipway.yaml', section: '' };
  const text = tree.read(values);
  if (text === undefined)
    return {
      refusal: { path: values, reason: 'The values of the shared chart are not there, or are not UTF-8 text.' },
    };
  const parsed = parseYaml(text, values);
  if (!parsed.ok) return { refusal: parsed.refusal };
  const path = section.split('.').filter((step) => step !== '');
  const place = placeAt(parsed.yaml, path);
  const value = path.reduce<unknown>((current, step) => asRecord(current)?.[step], parsed.yaml.toJs());
  const items = Array.isArray(value) ? (value as unknown[]).map((item) => asRecord(item) ?? {}) : undefined;
  const nameKey = NAME_KEYS.find((key) => items?.some((item) => asText(item[key]) !== undefined)) ?? 'name';
  const blocks = items
    ? items.map((fields, key) => ({ name: asText(fields[nameKey]) ?? '', key, fields }))
    : Object.entries(asRecord(value) ?? {}).flatMap(([key, block]) => {
        const fields = asRecord(block);
        return fields ? [{ name: key, key, fields }] : [];
      });
  return {
    chart: {
      yaml: parsed.yaml,
      section: path,
      form: items ? 'list' : 'map',
      nameKey,
      entries: place.kind === 'map' || place.kind === 'sequence' ? place.entries : [],
      blocks,
      mentioned: mentionedFields(tree, chart),
    },
  };
}

/** What stands behind a dot in the templates, but for what is not of the block: `.Values`, `.Release`, `.Chart` and their fields. */
function mentionedFields(tree: EmitContext['tree'], chart: string): Set<string> {
  const folder = `${chart.replace(/\/+$/, '')}/templates/`;
  const words = new Set<string>();
  for (const path of tree.paths.filter((one) => one.startsWith(folder))) {
    const text = (tree.read(path) ?? '').replace(
      /\$?\.(?:Values|Release|Chart|Capabilities|Template|Files)\b[\w.]*/g,
      '',
    );
    for (const action of text.matchAll(/\{\{[^}]*\}\}/g))
      for (const [, word = ''] of action[0].matchAll(/\.([A-Za-z]\w*)/g)) words.add(word);
  }
  return words;
}
