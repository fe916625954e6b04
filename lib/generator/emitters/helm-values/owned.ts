/** The service's block in the shared chart's values, as it stands now. */
import type { EmitContext, Ownership } from '../../types';
import { isFileEach } from '../chart-choice';
import { readSharedChart } from './shared-chart';
import { ownedValuesFile } from './values-file';

export function owned(context: EmitContext): Ownership {
  const { shared } = context.profile.helm ?? {};
  if (shared && isFileEach(shared)) return ownedValuesFile(context, shared);
  const read = shared && readSharedChart(context);
  if (!read || 'refusal' in read) return { parts: [] };
  const { chart } = read;
  const block = chart.blocks.find((one) => one.name === context.manifest.name);
  if (!block) return { parts: [] };
  return {
    parts: [{ kind: 'yaml', path: chart.yaml.path, at: [...chart.section, block.key] }],
    kept: chart.blocks
      .filter((one) => one !== block && JSON.stringify(one.fields).includes(`://${context.manifest.name}`))
      .map((one) => ({
        kind: 'refers-to-service',
        path: chart.yaml.path,
        message: `${one.name} still names ${context.manifest.name} in its values.`,
      })),
  };
}
