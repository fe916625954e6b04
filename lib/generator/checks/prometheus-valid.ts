/**
 * What the change tells Prometheus would load: jobs that it adds have a name of their own, targets and durations that Prometheus takes; rule files
 * are of its form, and the runbooks that alerts name are there. promtool is not needed for that.
 */
import { z } from 'zod';
import { readPrometheus, secondsOf } from '../emitters/prometheus/config';
import { parseYaml } from '../yaml/parse';
import { asList, asRecord, asText } from '../yaml/read';
import { pass, plural, verdict, type Check, type CheckInput } from './check';

const Duration = z.string().refine((text) => secondsOf(text) !== undefined, 'A duration such as 30s or 5m.');
const Label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'A label: letters, digits and underscores.');
const Expression = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => text.trim() !== '', 'An expression.')
  .refine(isBalanced, 'Its brackets or quotes do not match.');

const Rule = z
  .object({
    alert: z.string().min(1).optional(),
    record: z
      .string()
      .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/)
      .optional(),
    expr: Expression,
    for: Duration.optional(),
    keep_firing_for: Duration.optional(),
    labels: z.record(Label, z.coerce.string()).optional(),
    annotations: z.record(Label, z.coerce.string()).optional(),
  })
  .strict()
  .refine((rule) => (rule.alert === undefined) !== (rule.record === undefined), 'Either an alert or a recording.');

const RuleFile = z
  .object({
    groups: z.array(
      z
        .object({
          name: z.string().min(1),
          interval: Duration.optional(),
          limit: z.number().optional(),
          query_offset: Duration.optional(),
          labels: z.record(Label, z.coerce.string()).optional(),
          rules: z.array(Rule),
        })
        .strict(),
    ),
  })
  .strict();

export const prometheusValid: Check = {
  id: 'prometheus-valid',
  name: 'Prometheus takes jobs and rules',
  run(input) {
    const { observability } = input.profile;
    const touched = input.plan.files.filter((file) => typeof file.after === 'string').map((file) => file.path);
    const rules = observability?.rules?.replace(/\/+$/, '');
    const ruleFiles = touched.filter(
      (path) =>
        rules !== undefined &&
        path.startsWith(`${rules}/`) &&
        /\.ya?ml$/i.test(path) &&
        // Rules may stand beside the configuration.
        path !== observability?.prometheus,
    );
    const jobs = observability?.prometheus !== undefined && touched.includes(observability.prometheus);
    if (ruleFiles.length === 0 && !jobs) return pass('The change does not concern Prometheus.');
    const faults = [
      ...(jobs && observability.prometheus !== undefined ? jobFaults(input, observability.prometheus) : []),
      ...ruleFiles.flatMap((path) => ruleFaults(input, path)),
    ];
    return verdict(
      faults,
      `${jobs ? 'The configuration' : 'No job'} and ${plural(ruleFiles.length, 'rule file')} read as Prometheus reads them.`,
      [...(jobs && observability.prometheus !== undefined ? [observability.prometheus] : []), ...ruleFiles],
    );
  },
};

function jobFaults({ tree, after }: CheckInput, path: string): string[] {
  const now = parseYaml(after.read(path) ?? '', path);
  if (!now.ok) return [`${path}: ${now.refusal.reason}`];
  const base = parseYaml(tree.read(path) ?? '', path);
  const before = base.ok ? readPrometheus(base.yaml) : undefined;
  const known = new Set(before?.jobs.map((job) => job.name));
  const asked = new Set(before?.jobs.flatMap((job) => job.staticConfigs.flatMap((config) => config.targets)));
  const { jobs } = readPrometheus(now.yaml);
  const faults: string[] = [];
  for (const job of jobs) {
    const where = `${path}:${job.line}: job ${job.name}`;
    const isNew = !known.has(job.name);
    const twice = jobs.filter((one) => one.name === job.name).length;
    if (twice > (before?.jobs.filter((one) => one.name === job.name).length ?? 0) && twice > 1)
      faults.push(`${where} stands there twice: Prometheus refuses to start.`);
    if (isNew && job.interval !== undefined && secondsOf(job.interval) === undefined)
      faults.push(`${where}: ${job.interval} is no duration.`);
    if (isNew && !job.metricsPath.startsWith('/')) faults.push(`${where}: metrics_path has to start with a slash.`);
    for (const target of job.staticConfigs.flatMap((config) => config.targets)) {
      if (asked.has(target)) continue;
      const good = job.isProbe ? /^[^\s]+$/ : /^(?:\[[0-9a-f:]+\]|[a-zA-Z0-9._-]+)(?::\d{1,5})?$/;
      if (!good.test(target)) faults.push(`${where}: ${target} is no ${job.isProbe ? 'address' : 'host and port'}.`);
    }
  }
  return [...new Set(faults)];
}

function ruleFaults({ after, profile }: CheckInput, path: string): string[] {
  const parsed = parseYaml(after.read(path) ?? '', path);
  if (!parsed.ok) return [`${path}: ${parsed.refusal.reason}`];
  const value = parsed.yaml.toJs();
  const result = RuleFile.safeParse(value);
  const faults = result.success
    ? []
    : result.error.issues.map((issue) => `${path}: ${issue.path.join('.')}: ${issue.message}`);
  const folder = `${profile.runbooks?.folder.replace(/\/+$/, '') ?? ''}/`;
  const pages = new Set(after.paths);
  for (const group of asList(asRecord(value)?.['groups']) ?? [])
    for (const rule of asList(asRecord(group)?.['rules']) ?? []) {
      const annotations = Object.values(asRecord(asRecord(rule)?.['annotations']) ?? {}).flatMap(
        (one) => asText(one) ?? [],
      );
      const alert = asText(asRecord(rule)?.['alert']) ?? 'a rule';
      for (const page of annotations)
        if (profile.runbooks && page.startsWith(folder) && /\.md$/i.test(page) && !pages.has(page))
          faults.push(`${path}: ${alert} names ${page}, which is not there.`);
    }
  return faults;
}

/** Whether brackets and quotes close in the order in which they open. */
function isBalanced(text: string): boolean {
  const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
  const open: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (/["'`]/.test(character)) {
      for (at += 1; at < text.length && text[at] !== character; at += 1)
        if (text[at] === '\\' && character !== '`') at += 1;
      if (at >= text.length) return false;
    } else if (character in closing) open.push(closing[character] ?? '');
    else if (/[)\]}]/.test(character) && open.pop() !== character) return false;
  }
  return open.length === 0;
}
