/**
 * The form keeps what was typed for every choice, and numbers and short lists as text; the spec has the chosen one alone, numbers and lists. What cannot be
 * read stays as it was typed, so that the schema says what is wrong with it. Pure.
 */
import type { z } from 'zod';

type Json = z.core.util.JSONType;
export type JsonObject = { [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that hold a number; `*` is every row of a list. */
const numericFields = [
  'runtime.kubernetes.replicas',
  'runtime.kubernetes.autoscaling.min',
  'runtime.kubernetes.autoscaling.max',
  'runtime.kubernetes.autoscaling.cpuPercent',
  'runtime.kubernetes.autoscaling.memoryPercent',
  'runtime.kubernetes.autoscaling.messagesPerReplica',
  'runtime.kubernetes.disruptionBudget.minAvailable',
  'runtime.healthCheck.intervalSeconds',
  'runtime.healthCheck.timeoutSeconds',
  'runtime.healthCheck.retries',
  'observability.metrics.intervalSeconds',
  'observability.alerts.*.forMinutes',
  'messaging.queues.*.visibilitySeconds',
  'messaging.queues.*.retentionDays',
  'messaging.queues.*.maxReceives',
];

/** Fields in which people write several values with commas between them. */
const listFields = ['messaging.queues.*.topics'];
const numberListFields = [
  'runtime.kubernetes.networkPolicy.from.*.ports',
  'runtime.kubernetes.networkPolicy.to.*.ports',
];

/** Groups whose `kind` (or `''` for none) decides which of their fields count. */
const kinds: { path: string; fields: Record<string, string[]> }[] = [
  { path: 'runtime.source', fields: { image: ['image'], build: ['context', 'dockerfile'] } },
  { path: 'runtime.volumes.*.source', fields: { volume: ['name'], path: ['path'] } },
  {
    path: 'runtime.kubernetes.autoscaling',
    fields: {
      load: ['min', 'max', 'cpuPercent', 'memoryPercent'],
      queue: ['min', 'max', 'queue', 'messagesPerReplica'],
    },
  },
];

/** Changes `spec`, a draft without its blanks, in place. */
export function settleForm(spec: JsonObject): void {
  for (const { path, fields } of kinds)
    for (const { holder, key } of placesOf(spec, path)) {
      const group = holder[key];
      if (!isObject(group)) continue;
      // A choice that was not made takes what was typed under it along.
      if (group.kind === undefined && path.endsWith('autoscaling')) delete holder[key];
      else keepOnly(group, fields);
    }
  for (const path of numericFields) for (const place of placesOf(spec, path)) change(place, toNumber);
  for (const path of listFields) for (const place of placesOf(spec, path)) change(place, toList);
  for (const path of numberListFields)
    for (const place of placesOf(spec, path)) change(place, (text) => toList(text).map(toNumber));
  if (isObject(spec.security)) {
    if (spec.security.access !== 'public') delete spec.security.publicReason;
    if (spec.security.access !== 'own-oauth') delete spec.security.oauth;
  }
  // Yes is what the spec means without the word, and means nothing on a platform that has no second domain.
  if (isObject(spec.routing) && spec.routing.twin === true) delete spec.routing.twin;
  const { runtime } = spec;
  const kubernetes = isObject(runtime) ? runtime.kubernetes : undefined;
  // A budget without a number is none.
  if (isObject(kubernetes) && isObject(kubernetes.disruptionBudget) && !('minAvailable' in kubernetes.disruptionBudget))
    delete kubernetes.disruptionBudget;
}

/** Every object that has the last key of a path, and that key. */
function placesOf(spec: JsonObject, path: string): { holder: JsonObject; key: string }[] {
  const keys = path.split('.');
  const key = keys.pop() ?? path;
  let holders: (Json | undefined)[] = [spec];
  for (const step of keys)
    holders = holders.flatMap((holder) => {
      if (step === '*') return Array.isArray(holder) ? holder : [];
      return isObject(holder) ? [holder[step]] : [];
    });
  return holders.filter(isObject).flatMap((holder) => (key in holder ? [{ holder, key }] : []));
}

function change({ holder, key }: { holder: JsonObject; key: string }, read: (text: string) => Json): void {
  const value = holder[key];
  if (typeof value === 'string') holder[key] = read(value);
}

function toNumber(text: string): Json {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;
}

function toList(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function keepOnly(group: JsonObject, fieldsByKind: Record<string, string[]>): void {
  const kept = typeof group.kind === 'string' ? fieldsByKind[group.kind] : undefined;
  if (!kept) return;
  for (const key of Object.values(fieldsByKind).flat()) if (!kept.includes(key)) delete group[key];
}
