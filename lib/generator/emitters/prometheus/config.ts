/** What Prometheus' configuration says: its jobs, what they ask, and where its rules are. Total: what is not of the expected shape is left out. */
import { escapeRegExp } from '../../escape-reg-exp';
import { lineAt } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';

export interface StaticConfig {
  targets: string[];
  labels: Readonly<Record<string, string>>;
}

export interface ScrapeJob {
  index: number;
  line: number;
  name: string;
  metricsPath: string;
  interval: string | undefined;
  /** The blackbox exporter's module, where the job is one of its. */
  modules: string[];
  /** Whether it asks hosts through the blackbox exporter instead of reading metrics. */
  isProbe: boolean;
  staticConfigs: StaticConfig[];
  /** Patterns of files with targets. */
  files: string[];
}

export interface PrometheusFile {
  interval: string;
  jobs: ScrapeJob[];
  ruleFiles: string[];
}

export function readPrometheus(yaml: ParsedYaml): PrometheusFile {
  const root = asRecord(yaml.toJs()) ?? {};
  return {
    interval: asText(asRecord(root['global'])?.['scrape_interval']) ?? '1m',
    jobs: (asList(root['scrape_configs']) ?? []).flatMap((item, index) => {
      const job = asRecord(item);
      const name = asText(job?.['job_name']);
      return job && name !== undefined ? [readJob(yaml, job, name, index)] : [];
    }),
    ruleFiles: texts(root['rule_files']),
  };
}

function readJob(yaml: ParsedYaml, job: Record<string, unknown>, name: string, index: number): ScrapeJob {
  const metricsPath = asText(job['metrics_path']) ?? '/metrics';
  const modules = texts(asRecord(job['params'])?.['module']);
  return {
    index,
    line: lineAt(yaml, ['scrape_configs', index]),
    name,
    metricsPath,
    interval: asText(job['scrape_interval']),
    modules,
    isProbe: metricsPath === '/probe' || modules.length > 0,
    staticConfigs: (asList(job['static_configs']) ?? []).map((item) => {
      const config = asRecord(item) ?? {};
      const labels = Object.entries(asRecord(config['labels']) ?? {});
      return {
        targets: texts(config['targets']),
        labels: Object.fromEntries(labels.map(([label, value]) => [label, asText(value) ?? ''])),
      };
    }),
    files: (asList(job['file_sd_configs']) ?? []).flatMap((item) => texts(asRecord(item)?.['files'])),
  };
}

/** Seconds of a duration as Prometheus writes it (`1m30s`); undefined where it is none. */
export function secondsOf(duration: string): number | undefined {
  const units = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 } as const;
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== duration) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
}

/** A duration in the largest unit that takes it without a rest. */
export function durationOf(seconds: number): string {
  if (seconds !== 0 && seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds !== 0 && seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Host and port of a target such as `livekit:6789`. */
export function splitTarget(target: string): { host: string; port: string | undefined } {
  const match = /^(?:https?:\/\/)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(target);
  return { host: match?.[1] ?? target, port: match?.[2] };
}

/** The files of the tree that a pattern of Prometheus' configuration means: from its folder, or by the end of a path in the container. */
export function filesOf(
  pattern: string,
  configPath: string,
  paths: readonly string[],
): { folder: string; files: string[] } {
  const folder = configPath.split('/').slice(0, -1).join('/');
  const parts = pattern.replace(/^\.\//, '').split('/').filter(Boolean);
  const starts = pattern.startsWith('/') ? parts.map((_, index) => parts.slice(index)) : [parts];
  for (const rest of starts) {
    const local = [...(folder === '' ? [] : [folder]), ...rest].join('/');
    const files = paths.filter((path) => matches(local, path));
    if (files.length > 0) return { folder: local.split('/').slice(0, -1).join('/'), files };
  }
  return { folder: '', files: [] };
}

/** Whether one of the patterns takes in a path of the tree, even if no file is there yet. */
export function isCovered(patterns: readonly string[], configPath: string, path: string): boolean {
  return patterns.some((pattern) => filesOf(pattern, configPath, [path]).files.length > 0);
}

function matches(pattern: string, path: string): boolean {
  const source = pattern
    .split(/(\*|\?)/)
    .map((part) => (part === '*' ? '[^/]*' : part === '?' ? '[^/]' : escapeRegExp(part)))
    .join('');
  return new RegExp(`^${source}$`).test(path);
}

function texts(value: unknown): string[] {
  const list = asList(value);
  if (list) return list.flatMap((item) => asText(item) ?? []);
  const text = asText(value);
  return text === undefined ? [] : [text];
}
