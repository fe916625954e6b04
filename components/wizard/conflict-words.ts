/** How a field of a draft and its value are called when two people wrote them differently. Pure. */
import type { Json } from '@/lib/wizard/patch';

/** What a row is called by, in this order. */
const names = ['name', 'topic', 'title', 'target', 'service'] as const;

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `healthCheck` as `health check`. */
const spaced = (key: string) => key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

/**
 * A path as people say it: `Ports, http, external`. A row is called by what it says.
 * @param values of the field itself, where a row is not in the content any more.
 */
export function wordsForField(path: string, content: Json, values: readonly (Json | undefined)[] = []): string {
  let holder: Json | undefined = content;
  const keys = path.split('.');
  const words = keys.map((key, depth) => {
    const isRow = Array.isArray(holder);
    holder = childOf(holder, key);
    const versions = depth === keys.length - 1 ? [holder, ...values] : [holder];
    return isRow ? (versions.map(nameOfRow).find((name) => name !== undefined) ?? 'a row without a name') : spaced(key);
  });
  const text = words.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * A path by keys and row ids as the form has it, with places for rows: `ports.1f0c….external` is `ports.0.external`.
 * @returns undefined where the row is not in the content any more.
 */
export function formPath(path: string, content: Json): string | undefined {
  let holder: Json | undefined = content;
  const keys: (string | number)[] = [];
  for (const key of path.split('.')) {
    const place = Array.isArray(holder) ? holder.findIndex((row) => isObject(row) && row.rowId === key) : undefined;
    if (place === -1) return undefined;
    keys.push(place ?? key);
    holder = childOf(holder, key);
  }
  return keys.join('.');
}

function childOf(holder: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(holder)) return holder.find((row) => isObject(row) && row.rowId === key);
  return isObject(holder) ? holder[key] : undefined;
}

function nameOfRow(row: Json | undefined): string | undefined {
  if (!isObject(row)) return undefined;
  return names.map((key) => row[key]).find((value): value is string => typeof value === 'string' && value !== '');
}

/** A value in a line of text: what is gone, on or off; of a row or a group what stands in it. */
export function wordsForValue(value: Json | undefined): string {
  if (value === undefined) return 'nothing: it was removed';
  if (value === null) return 'nothing: it was turned off';
  if (value === '') return 'nothing';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(wordsForValue).join(', ');
  if (isObject(value)) {
    const parts = Object.entries(value).flatMap(([key, item]) =>
      key === 'rowId' || item === '' || item === null || typeof item === 'object' ? [] : [wordsForValue(item)],
    );
    return parts.length === 0 ? 'what is there' : parts.join(' · ');
  }
  return String(value);
}
