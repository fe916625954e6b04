/**
 * From a draft to a manifest. Fills in what the platform's profile and the category settle, says what is missing or wrong, and for the preview
 * gives the largest part of the spec that can be planned already. Pure.
 */
import type { z } from 'zod';
import type { FieldProblem } from '@/lib/errors';
import { Manifest } from '@/lib/services/manifest';
import { meantBy, plainWords } from '@/lib/services/manifest-issues';
import type { DraftContent } from './draft-content';
import { ROW_ID } from './patch';
import { isObject, settleForm, type JsonObject } from './settle-form';

/** What of a platform's profile the wizard's defaults need. */
export interface DraftDefaults {
  domain: string;
  categories: Readonly<Record<string, { owner?: string | undefined; stack?: string | undefined }>>;
}

export interface CompletedDraft {
  /** The whole spec; undefined while a field is missing or wrong. */
  manifest: Manifest | undefined;
  problems: FieldProblem[];
  /** The largest part that can be planned: the whole spec, or the spec without the parts in `leftOut`. Undefined while even the name is missing. */
  previewable: Manifest | undefined;
  /** What the preview does not show yet, and why. */
  leftOut: { path: string; reason: string }[];
  /** Where a path of `previewable` stands in the draft: rows that are left out count there. */
  pathInDraft: (path: string) => string;
  /** Values that were filled in: path to value, to show them as placeholders. */
  filledIn: Record<string, string>;
}

type Json = z.core.util.JSONType;

/** An image that stands in while none is named; the files that would hold it are not shown. */
export const placeholderImage = 'scratch:unnamed';

/** Completes a draft; see CompletedDraft. */
export function completeDraft(content: DraftContent, defaults: DraftDefaults): CompletedDraft {
  const spec = withoutBlanks(content);
  settleForm(spec);
  const filledIn = fillDefaults(spec, defaults);
  const parsed = Manifest.safeParse(spec);
  if (parsed.success) {
    return {
      manifest: parsed.data,
      problems: [],
      previewable: parsed.data,
      leftOut: [],
      pathInDraft: (path) => path,
      filledIn,
    };
  }
  const problems = parsed.error.issues.map((issue) => problemOf(issue, spec));
  return { manifest: undefined, problems, ...prune(spec, problems), filledIn };
}

/** Blank text, null and what is empty because of that count as not given; rows' ids are the draft's alone. Rows of a list stay, so that paths still point at them. */
function withoutBlanks(content: DraftContent): JsonObject {
  const clean = (value: Json): Json | undefined => {
    if (value === null) return undefined;
    if (typeof value === 'string') return value.trim() === '' ? undefined : value;
    if (Array.isArray(value)) return value.map((item) => clean(item) ?? null);
    if (typeof value !== 'object') return value;
    const entries = Object.entries(value).flatMap(([key, item]) => {
      if (key === ROW_ID) return [];
      const kept = clean(item);
      return kept === undefined ? [] : [[key, kept] as const];
    });
    return Object.fromEntries(entries);
  };
  return (clean(content) as JsonObject | undefined) ?? {};
}

function fillDefaults(spec: JsonObject, defaults: DraftDefaults): Record<string, string> {
  const filledIn: Record<string, string> = {};
  const category = typeof spec.category === 'string' ? defaults.categories[spec.category] : undefined;
  if (spec.owner === undefined && category?.owner) {
    spec.owner = category.owner;
    filledIn.owner = category.owner;
  }
  if (isObject(spec.routing) && spec.routing.host === undefined && typeof spec.name === 'string') {
    spec.routing.host = `${spec.name}.${defaults.domain}`;
    filledIn['routing.host'] = spec.routing.host;
  }
  return filledIn;
}

/**
 * Zod's issue as a problem of a field that the form has: text that stands for more than itself (a range) is one field. Its words for a missing
 * field say what a type is; people want to know what to do.
 */
function problemOf(issue: z.core.$ZodIssue, spec: JsonObject): FieldProblem {
  let value: Json | undefined = spec;
  const path: string[] = [];
  for (const key of issue.path.map(String)) {
    if (typeof value !== 'object' || value === null) break;
    value = Array.isArray(value) ? (value[Number(key)] ?? undefined) : value[key];
    path.push(key);
    if (value === undefined) break;
  }
  return { path: value === undefined ? issue.path.join('.') : path.join('.'), message: sayPlainly(issue, value) };
}

function sayPlainly(issue: z.core.$ZodIssue, value: Json | undefined): string {
  if (value === undefined) return 'Still to fill in.';
  if (issue.code !== 'invalid_union') return plainWords(issue);
  const meant = meantBy(issue);
  return meant ? plainWords(meant) : 'This is not in a form that can be read.';
}

/** The lists of a spec whose rows can be left out one by one. */
const lists = [
  'maintainers',
  'ports',
  'security.secrets',
  'runtime.environment',
  'runtime.volumes',
  'runtime.dependsOn',
  'runtime.compose.profiles',
  'runtime.kubernetes.networkPolicy.from',
  'runtime.kubernetes.networkPolicy.to',
  'routing.aliases',
  'observability.alerts',
  'messaging.queues',
  'messaging.publishes',
  'docs.dashboards',
] as const;

/**
 * Takes away what is wrong, part by part, until the rest is a spec. Each round removes at least one part, so it ends; the required words of the
 * first step get stand-ins, which the preview marks. Rows that are left out stay as null until the end, so that paths always count as the form does.
 */
function prune(
  spec: JsonObject,
  problems: FieldProblem[],
): Pick<CompletedDraft, 'previewable' | 'leftOut' | 'pathInDraft'> {
  const leftOut = new Map<string, string>();
  const rest = structuredClone(spec);
  let open = problems;
  for (let round = 0; round < 12 && open.length > 0; round += 1) {
    if (open.some(({ path }) => path === 'name')) break;
    for (const { path, message } of open) {
      const part = partOf(path);
      if (!leftOut.has(part)) leftOut.set(part, message);
      removePart(rest, part);
    }
    const { compacted, pathInDraft } = withoutEmptyRows(rest);
    const parsed = Manifest.safeParse(compacted);
    if (parsed.success) return { previewable: parsed.data, leftOut: describe(leftOut), pathInDraft };
    open = parsed.error.issues.map((issue) => {
      const { path, message } = problemOf(issue, compacted);
      return { path: pathInDraft(path), message };
    });
  }
  return { previewable: undefined, leftOut: describe(leftOut), pathInDraft: (path) => path };
}

/** Drops the rows that are null, and tells for a path in what is left where it stands in the draft. */
function withoutEmptyRows(spec: JsonObject): { compacted: JsonObject; pathInDraft: (path: string) => string } {
  const compacted = structuredClone(spec);
  const kept = new Map<string, number[]>();
  for (const list of lists) {
    const keys = list.split('.');
    const last = keys.pop() ?? list;
    let holder: Json | undefined = compacted;
    for (const key of keys) holder = isObject(holder) ? holder[key] : undefined;
    if (!isObject(holder)) continue;
    const rows: Json | undefined = holder[last];
    if (!Array.isArray(rows)) continue;
    kept.set(
      list,
      rows.flatMap((row, index) => (row === null ? [] : [index])),
    );
    holder[last] = rows.filter((row) => row !== null);
  }
  const pathInDraft = (path: string) => {
    const list = lists.find((candidate) => path.startsWith(`${candidate}.`));
    if (!list) return path;
    const [index = '', ...rest] = path.slice(list.length + 1).split('.');
    return [list, kept.get(list)?.[Number(index)] ?? index, ...rest].join('.');
  };
  return { compacted, pathInDraft };
}

function describe(leftOut: ReadonlyMap<string, string>): { path: string; reason: string }[] {
  return [...leftOut].map(([path, reason]) => ({ path, reason }));
}

/** The smallest part of a spec that can be left out as a whole. */
function partOf(path: string): string {
  const list = lists.find((candidate) => path.startsWith(`${candidate}.`));
  if (list) return `${list}.${path.slice(list.length + 1).split('.')[0] ?? ''}`;
  if (path.startsWith('runtime.source')) return 'runtime.source';
  const group =
    /^(runtime\.kubernetes\.(?:autoscaling|networkPolicy|disruptionBudget|roleArns)|runtime\.(?:compose|kubernetes|healthCheck)|security\.oauth|observability\.(?:metrics|probe)|routing|security|docs|runtime)(\.|$)/.exec(
      path,
    );
  if (group?.[1]) return group[1];
  return path.split('.')[0] ?? path;
}

const standIns: Record<string, Json> = {
  purpose: 'Still to be said',
  category: 'uncategorised',
  owner: 'nobody-yet',
  'runtime.source': { kind: 'image', image: placeholderImage },
  runtime: { source: { kind: 'image', image: placeholderImage }, compose: {} },
  'runtime.compose': {},
};

function removePart(spec: JsonObject, part: string): void {
  const keys = part.split('.');
  const last = keys.pop() ?? part;
  let holder: Json | undefined = spec;
  for (const key of keys) {
    if (Array.isArray(holder)) holder = holder[Number(key)];
    else if (isObject(holder)) {
      holder[key] ??= {};
      holder = holder[key];
    }
  }
  if (Array.isArray(holder)) holder[Number(last)] = null;
  else if (isObject(holder)) {
    const standIn = standIns[part];
    if (standIn === undefined) delete holder[last];
    else holder[last] = structuredClone(standIn);
  }
}
