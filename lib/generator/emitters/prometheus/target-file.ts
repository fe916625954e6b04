/** Targets that Prometheus reads from files (`file_sd_configs`): a new file beside the others, or an item of the one file there is. */
import { insertElement, linesOfChild } from '../../json/insert';
import { parseJson } from '../../json/parse';
import type { EmitContext, Finding, OwnedPart } from '../../types';
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
import { isMap, isSeq } from 'yaml';

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

/** A target among those of the one file that a job reads its from; undefined where there is no such file, or where it reads many. */
export function targetInFile(
  context: EmitContext,
  yaml: ParsedYaml,
  job: ScrapeJob,
  target: string,
  isOwn: (target: string) => boolean,
): Outcome | undefined {
  const files = job.files.flatMap((pattern) => filesOf(pattern, yaml.path, context.tree.paths).files);
  const [path] = files;
  if (path === undefined || files.length > 1) return undefined;
  const configs = configsIn(context.tree.read(path) ?? '', path);
  if (configs.some((config) => config.targets.some(isOwn))) return nothing();
  return intoFile(context, path, target, labelsLike(configs, context));
}

/** The service's targets in files: a file of its own as a whole, else its items; what can only be taken out by hand is named. */
export function ownTargetFiles(
  context: EmitContext,
  yaml: ParsedYaml,
  jobs: readonly ScrapeJob[],
  isOwn: (target: string) => boolean,
): { parts: OwnedPart[]; kept: Finding[] } {
  const parts: OwnedPart[] = [];
  const kept: Finding[] = [];
  const patterns = new Set(jobs.flatMap((job) => job.files));
  const files = new Set([...patterns].flatMap((pattern) => filesOf(pattern, yaml.path, context.tree.paths).files));
  for (const path of files) {
    const text = context.tree.read(path) ?? '';
    const owns = configsIn(text, path).map((config) => config.targets.length > 0 && config.targets.every(isOwn));
    if (!owns.includes(true)) continue;
    if (
      owns.every(Boolean) &&
      ![...patterns].some((pattern) => pattern.endsWith(path.slice(path.lastIndexOf('/') + 1)))
    ) {
      parts.push({ kind: 'file', path });
      continue;
    }
    owns.forEach((own, index) => {
      if (!own) return;
      const part = itemAt(text, path, index);
      if (part) parts.push(part);
      else
        kept.push({
          kind: 'target-by-hand',
          path,
          message: 'The last item of this list is the service’s: take it out by hand, with the comma before it.',
        });
    });
  }
  return { parts, kept };
}

function itemAt(text: string, path: string, index: number): OwnedPart | undefined {
  if (!/\.json$/i.test(path)) return { kind: 'yaml', path, at: [index] };
  const parsed = parseJson(text, path);
  const lines = parsed.ok ? linesOfChild(parsed.json, [index]) : undefined;
  return lines && { kind: 'lines', path, ...lines };
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

/** An entry as the file's first one is written: what stands between brackets there does here. */
function targetsLike(yaml: ParsedYaml, value: { targets: string[]; labels?: Record<string, string> }): YamlValue {
  const [targets, labels] = [nodeAt(yaml, [0, 'targets']), nodeAt(yaml, [0, 'labels'])];
  return {
    targets:
      isSeq(targets) && targets.flow === true ? new Flow(value.targets.map((one) => new Quoted(one))) : value.targets,
    ...(value.labels ? { labels: isMap(labels) && labels.flow === true ? new Flow(value.labels) : value.labels } : {}),
  };
}
