/** What Prometheus is told of a service that runs in Compose: where its metrics are, which host to probe, when to alert (requirements, section 5). */
import { parseYaml } from '../../yaml/parse';
import type { Emission, EmitContext, Emitter, FollowUp } from '../../types';
import { isCovered, readPrometheus } from './config';
import { owned } from './owned';
import { addProbe } from './probe';
import { addRules, rulesPath } from './rules';
import { nothing, type Outcome } from './outcome';
import { addScrape, pasteJob } from './scrape';

export const prometheusEmitter: Emitter = {
  name: 'prometheus',
  commit: 'observability',
  applies: ({ manifest, profile }) =>
    profile.observability !== undefined &&
    (manifest.observability.metrics !== undefined ||
      manifest.observability.probe ||
      manifest.observability.alerts.length > 0),
  emit,
  owned,
};

function emit(context: EmitContext): Emission {
  const outcomes = [...intoConfiguration(context), addRules(context), notLoaded(context)];
  const all = <Key extends keyof Outcome>(key: Key): Outcome[Key] =>
    outcomes.flatMap((outcome): Outcome[Key][number][] => outcome[key]) as Outcome[Key];
  const edits = all('edits');
  return {
    edits,
    conflicts: all('conflicts'),
    refusals: all('refusals'),
    findings: all('findings'),
    followUps: [...all('followUps'), ...(edits.length > 0 ? [reload(context)] : [])],
  };
}

function intoConfiguration(context: EmitContext): Outcome[] {
  const path = context.profile.observability?.prometheus;
  const { metrics, probe } = context.manifest.observability;
  if (path === undefined || (!probe && !(metrics && context.manifest.runtime.compose))) return [];
  const text = context.tree.read(path);
  if (text === undefined)
    return [
      {
        ...nothing(),
        findings: [
          { kind: 'prometheus-missing', path, message: 'The profile names this configuration, and it is not there.' },
        ],
      },
    ];
  const parsed = parseYaml(text, path);
  if (!parsed.ok) {
    const paste = pasteJob(context);
    return [{ ...nothing(), refusals: [{ ...parsed.refusal, ...(paste ? { paste } : {}) }] }];
  }
  const file = readPrometheus(parsed.yaml);
  return [addScrape(context, parsed.yaml, file), addProbe(context, parsed.yaml, file)];
}

/** A rule file that no pattern of the configuration takes in would never fire. */
function notLoaded(context: EmitContext): Outcome {
  const { profile, tree, manifest } = context;
  const path = profile.observability?.prometheus;
  const rules = rulesPath(context);
  const text = path === undefined ? undefined : tree.read(path);
  if (path === undefined || rules === undefined || text === undefined || manifest.observability.alerts.length === 0)
    return nothing();
  const parsed = parseYaml(text, path);
  if (!parsed.ok || isCovered(readPrometheus(parsed.yaml).ruleFiles, path, rules)) return nothing();
  return {
    ...nothing(),
    findings: [
      {
        kind: 'rules-not-loaded',
        path,
        message: `No pattern under rule_files takes in ${rules}: its alerts would not be loaded.`,
      },
    ],
  };
}

function reload({ profile }: EmitContext): FollowUp {
  const command = profile.observability?.reloadCommand;
  return {
    phase: 'observe',
    key: 'prometheus-reload',
    title: 'Have Prometheus read its configuration again',
    ...(command === undefined ? { detail: 'By a reload, or by starting it again.' } : { command }),
  };
}
