/** What Prometheus' files say of the service now: its job or target, its line among the probes, its rule file. */
import type { EmitContext, Finding, OwnedPart, Ownership } from '../../types';
import { nodeAt } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { isSeq } from 'yaml';
import { readPrometheus, type ScrapeJob } from './config';
import { isProbeOf } from './probe';
import { ruleFiles, rulesPath } from './rules';
import { isTargetOf } from './target';
import { ownTargetFiles } from './target-file';

export function owned(context: EmitContext): Ownership {
  const parts: OwnedPart[] = [];
  const kept: Finding[] = [];
  const path = context.profile.observability?.prometheus;
  const text = path === undefined ? undefined : context.tree.read(path);
  const parsed = path === undefined || text === undefined ? undefined : parseYaml(text, path);
  if (parsed?.ok) inConfiguration(context, parsed.yaml, parts, kept);
  const rules = rulesPath(context);
  if (rules !== undefined && context.tree.read(rules) !== undefined) parts.push({ kind: 'file', path: rules });
  kept.push(...alertsElsewhere(context, rules));
  const command = context.profile.observability?.reloadCommand;
  return {
    parts,
    kept,
    followUps:
      parts.length === 0
        ? []
        : [
            {
              phase: 'observe',
              key: 'prometheus-reload',
              title: 'Have Prometheus read its configuration again',
              ...(command === undefined ? {} : { command }),
            },
          ],
  };
}

function inConfiguration(context: EmitContext, yaml: ParsedYaml, parts: OwnedPart[], kept: Finding[]): void {
  const { path } = yaml;
  const { jobs } = readPrometheus(yaml);
  for (const job of jobs) {
    const isOwn = (target: string): boolean => (job.isProbe ? isProbeOf(context, target) : isTargetOf(context, target));
    const targets = job.staticConfigs.flatMap((config) => config.targets);
    const own = targets.filter(isOwn);
    if (own.length === 0) continue;
    if (own.length === targets.length && (!job.isProbe || job.name === context.manifest.name))
      parts.push({ kind: 'yaml', path, at: ['scrape_configs', job.index] });
    else fromJob(yaml, job, isOwn, parts, kept);
  }
  for (const isProbe of [false, true]) {
    const files = ownTargetFiles(
      context,
      yaml,
      jobs.filter((job) => job.isProbe === isProbe),
      (target) => (isProbe ? isProbeOf(context, target) : isTargetOf(context, target)),
    );
    parts.push(...files.parts);
    kept.push(...files.kept);
  }
}

/** The service's targets in a job that asks others too. */
function fromJob(
  yaml: ParsedYaml,
  job: ScrapeJob,
  isOwn: (target: string) => boolean,
  parts: OwnedPart[],
  kept: Finding[],
): void {
  job.staticConfigs.forEach((config, index) => {
    const at = ['scrape_configs', job.index, 'static_configs', index];
    if (!config.targets.some(isOwn)) return;
    if (config.targets.every(isOwn) && job.staticConfigs.length > 1) {
      parts.push({ kind: 'yaml', path: yaml.path, at });
      return;
    }
    const list = nodeAt(yaml, [...at, 'targets']);
    config.targets.forEach((target, item) => {
      if (!isOwn(target)) return;
      if (isSeq(list) && !list.flow) parts.push({ kind: 'yaml', path: yaml.path, at: [...at, 'targets', item] });
      else
        kept.push({
          kind: 'target-shares-line',
          path: yaml.path,
          line: job.line,
          message: `${target} shares a line with other targets of ${job.name}: take it out by hand.`,
        });
    });
  });
}

/** Alerts of other files that name the service: people wrote them, and without it they fire or fall silent. */
function alertsElsewhere({ tree, profile, manifest }: EmitContext, own: string | undefined): Finding[] {
  const folder = profile.observability?.rules?.replace(/\/+$/, '');
  if (folder === undefined) return [];
  return ruleFiles(tree.paths, folder)
    .filter((path) => path !== own)
    .flatMap((path) =>
      (tree.read(path) ?? '')
        .split('\n')
        .flatMap((line, index) =>
          new RegExp(`["'|(]${manifest.name}(?::\\d+)?["'|)]`).test(line) && !/^\s*#/.test(line)
            ? [{ kind: 'alert-refers', path, line: index + 1, message: `This rule names ${manifest.name}; it stays.` }]
            : [],
        ),
    );
}
