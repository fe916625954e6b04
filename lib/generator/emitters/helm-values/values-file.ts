/** A values file for each service, all of them for one chart: the service's own is written in the shape of those beside it. */
import { profilePath } from '../../profile';
import type { Emission, EmitContext, Ownership, Tree } from '../../types';
import { asRecord } from '../../yaml/read';
import { renderEntry, type YamlValue } from '../../yaml/render';
import { learnStyle } from '../../yaml/style';
import type { ParsedYaml } from '../../yaml/parse';
import { readYaml } from '../../observe/read-yaml';
import { fill, mostCommon, toJsonPattern } from '../argocd/words';
import { sharedValues } from '../chart-choice';
import { houseOf, writeBlock } from './block';
import type { Block } from './shared-chart';

type Shared = { chart: string; values: string };

interface ValuesFile extends Block {
  yaml: ParsedYaml;
}

export function emitValuesFile(context: EmitContext, shared: Shared): Emission {
  const { manifest, profile, tree } = context;
  const path = sharedValues(shared, manifest.name);
  const files = valuesFiles(tree, shared.values).filter((one) => one.name !== manifest.name);
  const [model] = files;
  if (!model)
    return {
      edits: [],
      refusals: [
        {
          path: profilePath,
          reason: `No other service has a file like ${shared.values}, which would show what ${path} has to say. Correct helm.shared in the profile, or write it by hand.`,
        },
      ],
    };
  const house = houseOf({ blocks: files, mentioned: valuesOfTemplates(tree, shared.chart) }, manifest.name);
  const { fields, homeless } = writeBlock(manifest, profile, house);
  const style = learnStyle(model.yaml);
  const all = inOrder({ ...sameForAll(files, manifest.name), ...fields }, files);
  const lines = Object.entries(all).flatMap(([key, value]) => renderEntry(key, value, 0, style));
  const newline = model.yaml.text.includes('\r\n') ? '\r\n' : '\n';
  const head = model.yaml.text.startsWith('---') ? ['---'] : [];
  const text = [...head, ...lines].map((line) => line + newline).join('');
  const there = tree.read(path);
  if (there !== undefined && there !== text)
    return {
      edits: [],
      conflicts: [
        {
          kind: 'file',
          field: 'name',
          path,
          owner: manifest.name,
          message: `There is ${path} already, and it differs from what this spec gives. Choose another name, or change the file there.`,
        },
      ],
    };
  return {
    edits: there === undefined ? [{ kind: 'create', path, text }] : [],
    findings:
      homeless.length === 0
        ? []
        : [
            {
              kind: 'helm-left-out',
              path,
              message: `Files like ${shared.values} have no place for ${homeless.join('; ')} of ${manifest.name}. Add what ${shared.chart} offers for it by hand.`,
            },
          ],
    followUps:
      manifest.runtime.source.kind === 'build'
        ? [
            {
              phase: 'resources',
              key: 'image',
              title: `Push the image of ${manifest.name} and set its tag`,
              detail: `The chart runs the image that ${path} names.`,
            },
          ]
        : [],
  };
}

/** The service's file, as it stands now. */
export function ownedValuesFile({ manifest, tree }: EmitContext, shared: Shared): Ownership {
  const path = sharedValues(shared, manifest.name);
  return { parts: tree.read(path) === undefined ? [] : [{ kind: 'file', path }] };
}

/** The files of all services, by the pattern of their path. */
function valuesFiles(tree: Tree, pattern: string): ValuesFile[] {
  const [before = '', after = ''] = pattern.split('{service}');
  return tree.paths.flatMap((path) => {
    const name = path.slice(before.length, path.length - after.length);
    if (!path.startsWith(before) || !path.endsWith(after) || !/^[^/]+$/.test(name)) return [];
    const yaml = readYaml(tree, path);
    const fields = asRecord(yaml?.toJs());
    return yaml && fields ? [{ name, key: name, fields, yaml }] : [];
  });
}

/** What nearly all say in the same words, but for their name: where images are pulled with which secret. */
function sameForAll(files: readonly ValuesFile[], service: string): Record<string, YamlValue> {
  if (files.length < 2) return {};
  const keys = [...new Set(files.flatMap(({ fields }) => Object.keys(fields)))];
  return Object.fromEntries(
    keys.flatMap((key): [string, YamlValue][] => {
      const patterns = files.flatMap((one) =>
        one.fields[key] === undefined ? [] : [toJsonPattern(one.fields[key], { service: one.name })],
      );
      const most = mostCommon(patterns);
      const count = patterns.filter((one) => one === most).length;
      return most === undefined || /^(?:\[\]|\{\}|""|null)$/.test(most) || count * 3 < files.length * 2
        ? []
        : [[key, JSON.parse(fill(most, { service })) as YamlValue]];
    }),
  );
}

/** The keys in the order of the file that has most of them; the others behind. */
function inOrder(fields: Record<string, YamlValue>, files: readonly ValuesFile[]): Record<string, YamlValue> {
  const shares = (file: ValuesFile) => Object.keys(file.fields).filter((key) => key in fields).length;
  const model = [...files].sort((a, b) => shares(b) - shares(a))[0];
  const keys = Object.keys(model?.fields ?? {}).filter((key) => key in fields);
  const rest = Object.keys(fields).filter((key) => !keys.includes(key));
  return Object.fromEntries([...keys, ...rest].map((key) => [key, fields[key] ?? null]));
}

/** The keys at the top of the values that the templates read. */
function valuesOfTemplates(tree: Tree, chart: string): Set<string> {
  const folder = `${chart.replace(/\/+$/, '')}/templates/`;
  return new Set(
    tree.paths
      .filter((path) => path.startsWith(folder))
      .flatMap((path) => [...(tree.read(path) ?? '').matchAll(/\.Values\.([A-Za-z]\w*)/g)].map(([, key = '']) => key)),
  );
}
