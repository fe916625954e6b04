/** The entry of a service in an ApplicationSet's list, or in the values of an app-of-apps: one, or one for each environment, like those beside it. */
import { isMap } from 'yaml';
import type { Conflict, Emission, EmitContext, Finding, Refusal } from '../../types';
import { environmentNames, isProduction } from '../../chart-environments';
import { insertMapEntry, insertSequenceItem, toEdits, type Splice } from '../../yaml/insert';
import { lineAt, nodeAt } from '../../yaml/locate';
import { Flow, type YamlValue } from '../../yaml/render';
import { learnStyle } from '../../yaml/style';
import { entryFor, learnEntries, type LearnedEntries } from './entry';
import { syncByHand } from './files';
import type { EntryTarget } from './sets';
import { toJsonPattern, type Subject } from './words';

/** What is added to each of the targets. */
export function emitEntries(
  context: EmitContext,
  targets: readonly EntryTarget[],
  environments: readonly string[],
): Emission {
  const all = targets.map((target) => emitInto(context, target, environments));
  const blocked = all.some((one) => (one.conflicts ?? []).length + (one.refusals ?? []).length > 0);
  return {
    edits: blocked ? [] : all.flatMap((one) => one.edits),
    conflicts: all.flatMap((one) => one.conflicts ?? []),
    refusals: all.flatMap((one) => one.refusals ?? []),
    findings: all.flatMap((one) => one.findings ?? []),
    followUps: all.flatMap((one) => one.followUps ?? []).slice(0, 1),
  };
}

function emitInto(context: EmitContext, target: EntryTarget, environments: readonly string[]): Emission {
  const { manifest, profile } = context;
  const names = environmentNames(profile.helm);
  const learned = learnEntries(target, names);
  const wanted = environments.filter((one) => target.environment === undefined || target.environment === one);
  if (wanted.length === 0 && names.length > 0) return { edits: [] };
  const subjects: Subject[] = learned.perEnvironment
    ? wanted.map((environment) => ({ service: manifest.name, environment }))
    : [{ service: manifest.name }];
  const findings: Finding[] = [];
  const conflicts: Conflict[] = [];
  const refusals: Refusal[] = [];
  const splices: Splice[] = [];
  for (const subject of subjects) {
    const entry = entryFor(subject, learned);
    const there = learned.siblings.find(
      (one) => one.service === subject.service && one.environment === subject.environment,
    );
    if (there) {
      if (canonical(there.fields) !== canonical(entry.fields)) conflicts.push(taken(context, target, there.key));
      continue;
    }
    findings.push(...doubts(target, subject, entry.doubtful));
    const result = insert(target, learned, subject, entry);
    if (result.ok) splices.push(result.splice);
    else refusals.push(result.refusal);
  }
  const prod = wanted.find(isProduction);
  if (prod !== undefined && target.automated && splices.length > 0)
    findings.push({
      kind: 'argocd-prod-automated',
      path: target.yaml.path,
      message: `The template syncs by itself, ${prod} too: ${manifest.name} runs in ${prod} as soon as this is merged. Take syncPolicy.automated out of the template for ${prod}, if a person is to do it.`,
    });
  return {
    edits: toEdits(target.yaml.path, splices),
    conflicts,
    refusals,
    findings,
    followUps: prod !== undefined && !target.automated ? [syncByHand(`${manifest.name}-${prod}`)] : [],
  };
}

function insert(
  target: EntryTarget,
  learned: LearnedEntries,
  subject: Subject,
  { key, fields }: { key: string; fields: Record<string, unknown> },
): ReturnType<typeof insertSequenceItem> {
  const { yaml, path } = target;
  const after = neighbourOf(learned, subject);
  const near = after && nodeAt(yaml, [...path, after.key]);
  const value = fields as Record<string, YamlValue>;
  const written = isMap(near) && near.flow ? new Flow(value) : value;
  const options = { style: learnStyle(yaml, near ? [near] : []), ...(after ? { after: after.key } : {}) };
  return target.form === 'list'
    ? insertSequenceItem(yaml, path, written, options)
    : insertMapEntry(yaml, path, key, written, options);
}

/** Behind the last of its environment where entries stand by environment, else behind the last of all. */
function neighbourOf({ siblings }: LearnedEntries, subject: Subject): LearnedEntries['siblings'][number] | undefined {
  const pairs = siblings.slice(1).map((one, index) => [siblings[index], one] as const);
  const alike = (key: 'service' | 'environment') => pairs.filter(([a, b]) => a?.[key] === b[key]).length;
  const last = siblings.at(-1);
  if (alike('environment') <= alike('service')) return last;
  return [...siblings].reverse().find((one) => one.environment === subject.environment) ?? last;
}

function taken({ manifest }: EmitContext, { yaml, path }: EntryTarget, key: string | number): Conflict {
  const line = lineAt(yaml, [...path, key]);
  return {
    kind: 'name',
    field: 'name',
    path: yaml.path,
    line,
    owner: manifest.name,
    message: `There is an entry for ${manifest.name} already (${yaml.path}:${line}), and it differs from what this spec gives. Choose another name, or change the entry there.`,
  };
}

function doubts(target: EntryTarget, subject: Subject, keys: readonly string[]): Finding[] {
  if (keys.length === 0) return [];
  const where = subject.environment === undefined ? subject.service : `${subject.service} in ${subject.environment}`;
  return [
    {
      kind: 'argocd-guessed',
      path: target.yaml.path,
      message: `The entries do not agree on ${keys.join(', ')}: ${where} got what most have. Look at it before you merge.`,
    },
  ];
}

/** As text that does not depend on the order of keys. */
function canonical(fields: Record<string, unknown>): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return toJsonPattern(sorted, { service: '{service}' });
}
