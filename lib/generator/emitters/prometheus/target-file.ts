/** Targets that Prometheus reads from files (`file_sd_configs`): a new file beside the others, or an item of the one file there is. */
import { insertElement } from '../../json/insert';
import { parseJson } from '../../json/parse';
import type { EmitContext } from '../../types';
import { insertSequenceItem, toEdits } from '../../yaml/insert';
import { nodeAt } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { Flow, Quoted, renderItem, type YamlValue } from '../../yaml/render';
import { defaultStyle, learnStyle, type Style } from '../../yaml/style';
import { filesOf, type ScrapeJob, type StaticConfig } from './config';
import { labelsLike } from './labels';
import { nothing, type Outcome } from './outcome';
import type { MetricsTarget } from './target';
import { isSeq } from 'yaml';

/** The service's targets in a file; undefined where the house writes targets into the configuration itself. */
export function targetFile(
  context: EmitContext,
  yaml: ParsedYaml,
  jobs: readonly ScrapeJob[],
  target: MetricsTarget,
): Outcome | undefined {
  const { tree, manifest } = context;
  const places = jobs.flatMap((job) =>
    job.files.map((pattern) => ({ job, pattern, ...filesOf(pattern, yaml.path, tree.paths) })),
  );
  const place =
    places.find((one) => one.files.length > 0 && one.job.metricsPath === target.path) ??
    places.find((one) => one.files.length > 0);
  const single = jobs.filter((job) => job.staticConfigs.some((config) => config.targets.length > 0)).length;
  const listed = places.reduce(
    (sum, one) => sum + one.files.reduce((all, file) => all + configsIn(tree.read(file) ?? '', file).length, 0),
    0,
  );
  if (!place || listed < single) return undefined;
  const configs = place.files.flatMap((file) => configsIn(tree.read(file) ?? '', file));
  if (configs.some((config) => config.targets.includes(target.target))) return nothing();
  const labels = {
    ...labelsLike(configs, context),
    ...(target.path === place.job.metricsPath ? {} : { __metrics_path__: target.path }),
  };
  if (!place.pattern.includes('*')) return intoFile(context, place.files[0] ?? '', target.target, labels);
  const model = place.files.at(-1) ?? '';
  const path = `${place.folder}/${manifest.name}${/\.[a-z]+$/i.exec(model)?.[0] ?? '.yml'}`;
  return {
    ...nothing(),
    edits: [{ kind: 'create', path, text: newFile(tree.read(model) ?? '', model, target.target, labels) }],
  };
}

/** The path that a file of targets for the service has, where it is there. */
export function ownTargetFiles(
  context: EmitContext,
  yaml: ParsedYaml,
  jobs: readonly ScrapeJob[],
  isOwn: (target: string) => boolean,
): string[] {
  const files = jobs.flatMap((job) =>
    job.files.flatMap((pattern) =>
      pattern.includes('*') ? filesOf(pattern, yaml.path, context.tree.paths).files : [],
    ),
  );
  return [...new Set(files)].filter((file) => {
    const targets = configsIn(context.tree.read(file) ?? '', file).flatMap((config) => config.targets);
    return targets.length > 0 && targets.every(isOwn);
  });
}

function configsIn(text: string, path: string): StaticConfig[] {
  const parsed = parseYaml(text, path);
  const items = parsed.ok ? (asList(parsed.yaml.toJs()) ?? []) : [];
  return items.map((item) => {
    const config = asRecord(item) ?? {};
    const labels = Object.entries(asRecord(config['labels']) ?? {});
    return {
      targets: (asList(config['targets']) ?? []).flatMap((one) => asText(one) ?? []),
      labels: Object.fromEntries(labels.map(([key, value]) => [key, asText(value) ?? ''])),
    };
  });
}

function intoFile(context: EmitContext, path: string, target: string, labels: Record<string, string>): Outcome {
  const text = context.tree.read(path) ?? '';
  const value = { targets: [target], ...(Object.keys(labels).length > 0 ? { labels } : {}) };
  if (/\.json$/i.test(path)) {
    const parsed = parseJson(text, path);
    if (!parsed.ok) return { ...nothing(), refusals: [parsed.refusal] };
    const inserted = insertElement(parsed.json, [], value);
    return inserted.ok
      ? {
          ...nothing(),
          edits: [{ kind: 'splice', path, start: inserted.offset, end: inserted.offset, text: inserted.text }],
        }
      : { ...nothing(), refusals: [inserted.refusal] };
  }
  const parsed = parseYaml(text, path);
  if (!parsed.ok) return { ...nothing(), refusals: [parsed.refusal] };
  const inserted = insertSequenceItem(parsed.yaml, [], targetsLike(parsed.yaml, value));
  return inserted.ok
    ? { ...nothing(), edits: toEdits(path, [inserted.splice]) }
    : { ...nothing(), refusals: [inserted.refusal] };
}

function newFile(model: string, path: string, target: string, labels: Record<string, string>): string {
  const value = { targets: [target], ...(Object.keys(labels).length > 0 ? { labels } : {}) };
  if (/\.json$/i.test(path)) return `${JSON.stringify([value], undefined, 2)}\n`;
  const parsed = parseYaml(model, path);
  const style: Style = parsed.ok ? learnStyle(parsed.yaml) : defaultStyle;
  const item: YamlValue = parsed.ok ? targetsLike(parsed.yaml, value) : value;
  return `${renderItem(item, 0, '', style).join('\n')}\n`;
}

function targetsLike(yaml: ParsedYaml, value: { targets: string[]; labels?: Record<string, string> }): YamlValue {
  const node = nodeAt(yaml, [0, 'targets']);
  return isSeq(node) && node.flow
    ? { ...value, targets: new Flow(value.targets.map((one) => new Quoted(one))) }
    : value;
}
