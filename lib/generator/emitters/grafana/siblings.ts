/** What the dashboards that are there have in common: where their data comes from, how they are written, which label Loki knows a service by. */
import { indentOf } from '../../json/insert';
import { parseJson, type ParsedJson } from '../../json/parse';
import type { EmitContext } from '../../types';
import { parseYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';

export interface DatasourceReference {
  type: string;
  uid: string;
}

export interface DashboardHouse {
  prometheus: DatasourceReference;
  /** Undefined where nothing shows that there is a Loki. */
  loki: (DatasourceReference & { label: string }) | undefined;
  /** Variables that the references need (`${datasource}`), as the others declare them. */
  variables: unknown[];
  tags: string[];
  schemaVersion: number;
  timezone: string;
  refresh: string;
  indent: string;
  finalNewline: boolean;
}

/** The dashboards of the folder that can be read, by path. */
export function dashboardsIn(context: Pick<EmitContext, 'tree' | 'profile'>): ParsedJson[] {
  const folder = context.profile.observability?.dashboards?.replace(/\/+$/, '');
  if (folder === undefined) return [];
  return context.tree.paths
    .filter((path) => path.startsWith(`${folder}/`) && /\.json$/i.test(path))
    .flatMap((path) => {
      const parsed = parseJson(context.tree.read(path) ?? '', path);
      return parsed.ok && asRecord(parsed.json.value)?.['panels'] !== undefined ? [parsed.json] : [];
    });
}

/** Learns from the dashboards, else from Grafana's provisioned data sources, else takes variables that people choose from. */
export function learnDashboards(context: EmitContext, own: string): DashboardHouse {
  const others = dashboardsIn(context).filter((json) => json.path !== own);
  const values = others.map((json) => asRecord(json.value) ?? {});
  const references = values.flatMap((value) => referencesIn(value));
  const provisioned = provisionedSources(context);
  const pick = (type: string): DatasourceReference | undefined =>
    mostCommon(
      references.filter((one) => one.type === type),
      (one) => one.uid,
    ) ?? provisioned.find((one) => one.type === type);
  const prometheus = pick('prometheus') ?? { type: 'prometheus', uid: '${datasource}' };
  const loki = pick('loki');
  const label = lokiLabel(values);
  const used = [prometheus, ...(loki ? [loki] : [])].flatMap((one) => /^\$\{?(\w+)\}?$/.exec(one.uid)?.[1] ?? []);
  const tagLists = values.map((value) => (asList(value['tags']) ?? []).flatMap((tag) => asText(tag) ?? []));
  const text = others[0]?.text;
  return {
    prometheus,
    loki: loki ? { ...loki, label: label ?? 'service' } : undefined,
    variables: used.map((name) => variableOf(name, values)),
    tags: (tagLists[0] ?? []).filter(
      (tag) => tagLists.every((tags) => tags.includes(tag)) && !/inventory|overview|home/i.test(tag),
    ),
    schemaVersion: Math.max(
      39,
      ...values.flatMap((value) => (typeof value['schemaVersion'] === 'number' ? [value['schemaVersion']] : [])),
    ),
    timezone: values.map((value) => asText(value['timezone'])).find((zone) => zone !== undefined) ?? 'browser',
    refresh:
      values.map((value) => asText(value['refresh'])).find((refresh) => refresh !== undefined && refresh !== '') ??
      '1m',
    indent: text === undefined ? '  ' : indentOf(text),
    finalNewline: text === undefined || text.endsWith('\n'),
  };
}

/** Every `datasource: {type, uid}` of a dashboard. */
function referencesIn(value: unknown): DatasourceReference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  const record = asRecord(value);
  if (!record) return [];
  const source = asRecord(record['datasource']);
  const [type, uid] = [asText(source?.['type']), asText(source?.['uid'])];
  const own = type !== undefined && uid !== undefined && uid !== '-- Grafana --' ? [{ type, uid }] : [];
  return [...own, ...Object.values(record).flatMap(referencesIn)];
}

function provisionedSources({ tree }: EmitContext): DatasourceReference[] {
  const files = tree.paths.filter((path) => /provisioning\/datasources\/[^/]+\.ya?ml$/i.test(path));
  return files.flatMap((path) => {
    const parsed = parseYaml(tree.read(path) ?? '', path);
    const sources = parsed.ok ? (asList(asRecord(parsed.yaml.toJs())?.['datasources']) ?? []) : [];
    return sources.flatMap((item): DatasourceReference[] => {
      const [type, uid] = [asText(asRecord(item)?.['type']), asText(asRecord(item)?.['uid'])];
      return type !== undefined && uid !== undefined ? [{ type, uid }] : [];
    });
  });
}

/** The label that the others' log panels select a service by. */
function lokiLabel(dashboards: readonly unknown[]): string | undefined {
  const panels = dashboards.flatMap((value) => asList(asRecord(value)?.['panels']) ?? []);
  const logs = panels.flatMap((panel): Record<string, unknown>[] => {
    const record = asRecord(panel);
    return record && asText(asRecord(record['datasource'])?.['type']) === 'loki' ? [record] : [];
  });
  const labels = logs
    .flatMap((panel) => asList(panel['targets']) ?? [])
    .flatMap((target) => /^\s*\{\s*(\w+)\s*=~?/.exec(asText(asRecord(target)?.['expr']) ?? '')?.[1] ?? []);
  return mostCommon(labels, (label) => label);
}

function variableOf(name: string, dashboards: readonly Record<string, unknown>[]): unknown {
  const known = dashboards
    .flatMap((value) => asList(asRecord(value['templating'])?.['list']) ?? [])
    .find((variable) => asText(asRecord(variable)?.['name']) === name);
  return known ?? { name, type: 'datasource', label: 'Data source', query: 'prometheus' };
}

function mostCommon<T>(items: readonly T[], keyOf: (item: T) => string): T | undefined {
  const count = (item: T): number => items.filter((one) => keyOf(one) === keyOf(item)).length;
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || count(item) > count(best) ? item : best),
    undefined,
  );
}
