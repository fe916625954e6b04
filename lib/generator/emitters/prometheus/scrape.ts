/** The service's metrics in Prometheus' configuration: a job of its own, a target of a grouped job, or a file of targets, as the house has it. */
import type { ParsedNode } from 'yaml';
import { isMap, isSeq } from 'yaml';
import { serviceNames } from '../../observe/service-names';
import type { Conflict, EmitContext } from '../../types';
import { bannerBefore } from '../../yaml/gap';
import { insertSequenceItem, toEdits, type InsertResult } from '../../yaml/insert';
import { nodeAt, placeAt } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { Flow, Quoted, renderItem, type YamlValue } from '../../yaml/render';
import { defaultStyle, learnStyle } from '../../yaml/style';
import { durationOf, secondsOf, type PrometheusFile, type ScrapeJob } from './config';
import { labelsLike } from './labels';
import { nothing, type Outcome } from './outcome';
import { targetFile } from './target-file';
import { metricsTarget, type MetricsTarget } from './target';

export function addScrape(context: EmitContext, yaml: ParsedYaml, file: PrometheusFile): Outcome {
  const outcome = nothing();
  const target = metricsTarget(context, file);
  if (!target) return outcome;
  const { manifest } = context;
  if (target.notPublished)
    outcome.findings.push({
      kind: 'metrics-not-published',
      path: yaml.path,
      message: `Jobs here reach services by the host's ports, and the metrics port of ${manifest.name} is not published: its name on the network was taken.`,
    });
  if (manifest.security.mtls && manifest.observability.metrics?.port === undefined)
    outcome.findings.push({
      kind: 'metrics-behind-mtls',
      path: yaml.path,
      message: `${manifest.name} speaks mTLS and names no port of its own for metrics: Prometheus has no certificate for ${target.target}. Give the metrics a port without mTLS.`,
    });
  const jobs = file.jobs.filter((job) => !job.isProbe);
  if (jobs.some((job) => job.staticConfigs.some((config) => config.targets.includes(target.target)))) return outcome;
  const named = file.jobs.find((job) => job.name === manifest.name);
  if (named) return { ...outcome, conflicts: [differs(context, yaml, named, target)] };
  const fromFile = targetFile(context, yaml, jobs, target);
  if (fromFile) return { ...fromFile, findings: [...outcome.findings, ...fromFile.findings] };
  const group = groupFor(jobs, target);
  const inserted = group ? intoGroup(yaml, group, target, context) : ownJob(context, yaml, file, target);
  if (inserted.ok) outcome.edits.push(...toEdits(yaml.path, [inserted.splice]));
  else outcome.refusals.push(inserted.refusal);
  return outcome;
}

function differs({ manifest }: EmitContext, yaml: ParsedYaml, job: ScrapeJob, target: MetricsTarget): Conflict {
  return {
    kind: 'file',
    field: 'observability.metrics',
    path: yaml.path,
    line: job.line,
    owner: manifest.name,
    message: `There is a job ${job.name} already, and it does not ask ${target.target}. Change the job there, or the port under observability.metrics.`,
  };
}

/** The job that collects services of one kind, where that is how the house does it; undefined where each has its own. */
function groupFor(jobs: readonly ScrapeJob[], target: MetricsTarget): ScrapeJob | undefined {
  const hosts = (job: ScrapeJob): number =>
    new Set(job.staticConfigs.flatMap((config) => config.targets.map((one) => one.replace(/:\d+$/, '')))).size;
  const groups = jobs.filter((job) => hosts(job) >= 3);
  const single = jobs.filter((job) => hosts(job) === 1).length;
  const grouped = groups.reduce((sum, job) => sum + hosts(job), 0);
  if (grouped <= single) return undefined;
  return groups.filter((job) => job.metricsPath === target.path).sort((a, b) => hosts(b) - hosts(a))[0];
}

function intoGroup(yaml: ParsedYaml, job: ScrapeJob, target: MetricsTarget, context: EmitContext): InsertResult {
  const path = ['scrape_configs', job.index, 'static_configs'];
  const last = job.staticConfigs.length - 1;
  const model = job.staticConfigs[last];
  const targets = nodeAt(yaml, [...path, last, 'targets']);
  const each = job.staticConfigs.length > 1 && job.staticConfigs.every((config) => config.targets.length === 1);
  if (!each && isSeq(targets) && !targets.flow)
    return insertSequenceItem(yaml, [...path, last, 'targets'], target.target);
  const labels = each ? labelsLike(job.staticConfigs, context) : (model?.labels ?? {});
  const near = nodeAt(yaml, [...path, last, 'labels']);
  return insertSequenceItem(yaml, path, {
    targets: targetList(targets, target.target),
    ...(Object.keys(labels).length > 0
      ? { labels: isMap(near) && near.flow === true ? new Flow(labels) : labels }
      : {}),
  });
}

/** A job of its own, among the jobs of its kind and written as they are. */
function ownJob(context: EmitContext, yaml: ParsedYaml, file: PrometheusFile, target: MetricsTarget): InsertResult {
  const single = file.jobs.filter((job) => !job.isProbe && job.staticConfigs.length > 0);
  const neighbour = placeBehind(context, yaml, single);
  const model = neighbour ?? single.at(-1);
  const seconds = secondsOf(file.interval);
  const labels = labelsLike(
    single.flatMap((job) => job.staticConfigs),
    context,
  );
  const value: YamlValue = {
    job_name: context.manifest.name,
    ...(seconds === target.intervalSeconds ? {} : { scrape_interval: durationOf(target.intervalSeconds) }),
    ...(target.path === '/metrics' ? {} : { metrics_path: target.path }),
    static_configs: [
      {
        targets: targetList(
          model && nodeAt(yaml, ['scrape_configs', model.index, 'static_configs', 0, 'targets']),
          target.target,
        ),
        ...(Object.keys(labels).length > 0 ? { labels } : {}),
      },
    ],
  };
  return insertSequenceItem(yaml, ['scrape_configs'], value, {
    ...(neighbour ? { after: neighbour.index } : {}),
    style: learnStyle(
      yaml,
      single.map((job) => nodeAt(yaml, ['scrape_configs', job.index])),
      'scrape_configs',
    ),
  });
}

/** The job in its plain form, to be pasted where the configuration cannot be read; undefined where the service has no metrics. */
export function pasteJob(context: EmitContext): { under: string; text: string } | undefined {
  const target = metricsTarget(context, { jobs: [], ruleFiles: [], interval: '1m' });
  if (!target) return undefined;
  const job: YamlValue = {
    job_name: context.manifest.name,
    scrape_interval: durationOf(target.intervalSeconds),
    ...(target.path === '/metrics' ? {} : { metrics_path: target.path }),
    static_configs: [{ targets: new Flow([new Quoted(target.target)]) }],
  };
  return { under: 'scrape_configs', text: `${renderItem(job, 2, 'scrape_configs', defaultStyle).join('\n')}\n` };
}

/**
 * The last job of the group that the service belongs to: where most services of its stack are, else under a banner of applications, else behind
 * the last job that reads metrics. Probes are a group of their own.
 */
function placeBehind(context: EmitContext, yaml: ParsedYaml, jobs: readonly ScrapeJob[]): ScrapeJob | undefined {
  const groups = groupsOf(yaml);
  const { manifest, profile, tree } = context;
  const stack = manifest.runtime.compose?.stack ?? profile.categories[manifest.category]?.stack;
  const beside = new Set(
    serviceNames(tree, profile)
      .filter((service) => stack !== undefined && service.stack === stack)
      .map((service) => service.name),
  );
  const score = (job: ScrapeJob): number => {
    const group = groups[job.index];
    const members = jobs.filter((one) => groups[one.index] === group && beside.has(one.name)).length;
    return members * 2 + (/\b(apps?|applications?|services?)\b/i.test(group ?? '') ? 1 : 0);
  };
  const best = Math.max(0, ...jobs.map(score));
  return jobs.filter((job) => score(job) === best).at(-1);
}

/** For each job the words of the banner that it stands under. */
function groupsOf(yaml: ParsedYaml): (string | undefined)[] {
  const place = placeAt(yaml, ['scrape_configs']);
  if (place.kind !== 'sequence') return [];
  let current: string | undefined;
  return place.entries.map((entry, index) => {
    current = bannerBefore(yaml.text, entry, place.entries[index - 1]?.end ?? 0) ?? current;
    return current;
  });
}

/** The targets as the neighbour writes its own: on one line between brackets, or line by line. */
function targetList(neighbour: ParsedNode | undefined, target: string): YamlValue {
  const flow = !isSeq(neighbour) || neighbour.flow === true;
  return flow ? new Flow([new Quoted(target)]) : [target];
}
