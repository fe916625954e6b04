/**
 * Reads values of unknown shape, as they come out of files that nobody validated: what is not of the wanted kind is undefined.
 */

/** A map's values by key; undefined where it is no map. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** A list's items; undefined where it is no list. */
export function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

/** A scalar as text: strings as they are, numbers and booleans in their usual spelling; undefined for null, maps and lists. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : undefined;
}
