/** The service as a block in the values of the platform's shared chart, or as a values file of its own for it, in the shape of those beside it. */
import { profilePath } from '../../profile';
import type { Emission, EmitContext, Emitter, Finding } from '../../types';
import { insertMapEntry, insertSequenceItem, toEdits } from '../../yaml/insert';
import { lineAt, nodeAt } from '../../yaml/locate';
import { asRecord } from '../../yaml/read';
import { renderEntry } from '../../yaml/render';
import { defaultStyle, learnStyle } from '../../yaml/style';
import { chartOf, isFileEach } from '../chart-choice';
import { houseOf, writeBlock, type WrittenBlock } from './block';
import { chooseBlock } from './neighbour';
import { owned } from './owned';
import { readSharedChart, type SharedChart } from './shared-chart';
import { emitValuesFile } from './values-file';

export const helmValuesEmitter: Emitter = {
  name: 'helm-values',
  commit: 'runtime',
  applies: ({ manifest, profile }) => profile.helm !== undefined && chartOf(manifest, profile) === 'shared',
  emit,
  owned,
};

function emit(context: EmitContext): Emission {
  const { manifest, profile } = context;
  if (!profile.helm?.shared) {
    const reason =
      'The service is to be a block in a shared chart, and the profile names none (helm.shared). Name it there, or give the service a chart of its own.';
    return { edits: [], refusals: [{ path: profilePath, reason }] };
  }
  if (isFileEach(profile.helm.shared)) return emitValuesFile(context, profile.helm.shared);
  const read = readSharedChart(context);
  if ('refusal' in read) {
    const empty = { blocks: [], find: (names: readonly string[]) => ({ key: names[0] ?? '', examples: [] }) };
    const { fields } = writeBlock(manifest, profile, empty);
    const text = `${renderEntry(manifest.name, fields, 2, defaultStyle).join('\n')}\n`;
    return { edits: [], refusals: [{ ...read.refusal, paste: { under: profile.helm.shared.section, text } }] };
  }
  const { chart } = read;
  const block = writeBlock(manifest, profile, houseOf(chart, manifest.name));
  const existing = chart.blocks.find((one) => one.name === manifest.name);
  if (existing) return existingBlock(context, chart, existing, block);
  const after = chooseBlock(context, chart);
  const options = {
    style: learnStyle(chart.yaml, after === undefined ? [] : [nodeAt(chart.yaml, [...chart.section, after])]),
    ...(after === undefined ? {} : { after }),
  };
  const result =
    chart.form === 'list'
      ? insertSequenceItem(chart.yaml, chart.section, { [chart.nameKey]: manifest.name, ...block.fields }, options)
      : insertMapEntry(chart.yaml, chart.section, manifest.name, block.fields, options);
  const findings = leftOut(context, chart, block);
  if (!result.ok) return { edits: [], refusals: [result.refusal], findings };
  return {
    edits: toEdits(chart.yaml.path, [result.splice]),
    findings,
    followUps:
      manifest.runtime.source.kind === 'build'
        ? [
            {
              phase: 'resources',
              key: 'image',
              title: `Push the image of ${manifest.name} and set its tag`,
              detail: `The shared chart runs the image that its block in ${chart.yaml.path} names.`,
            },
          ]
        : [],
  };
}

function existingBlock(
  { manifest }: EmitContext,
  chart: SharedChart,
  existing: SharedChart['blocks'][number],
  { fields }: WrittenBlock,
): Emission {
  const { [chart.nameKey]: _, ...rest } = existing.fields;
  if (canonical(chart.form === 'list' ? rest : existing.fields) === canonical(fields)) return { edits: [] };
  const line = lineAt(chart.yaml, [...chart.section, existing.key]);
  return {
    edits: [],
    conflicts: [
      {
        kind: 'name',
        field: 'name',
        path: chart.yaml.path,
        line,
        owner: manifest.name,
        message: `The shared chart has a block ${manifest.name} already (${chart.yaml.path}:${line}), and it differs from what this spec gives. Choose another name, or change the block there.`,
      },
    ],
  };
}

function leftOut({ manifest, profile }: EmitContext, chart: SharedChart, { homeless }: WrittenBlock): Finding[] {
  if (homeless.length === 0) return [];
  return [
    {
      kind: 'helm-left-out',
      path: chart.yaml.path,
      message: `The blocks of ${profile.helm?.shared?.chart ?? 'the shared chart'} have no place for ${homeless.join('; ')} of ${manifest.name}. Add the fields to that chart, or give the service a chart of its own (runtime.kubernetes.chart: own).`,
    },
  ];
}

/** As text that does not depend on the order of keys: people may have sorted theirs. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    const record = asRecord(one);
    return record ? Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))) : one;
  });
}
