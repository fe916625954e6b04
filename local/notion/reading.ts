/**
 * Reading a request's JSON field by field, so that whatever is wrong is refused with its path, in Notion's words.
 */
import { failedValidation } from './notion-error';

export type JsonObject = Record<string, unknown>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readObject(value: unknown, path: string): JsonObject {
  if (value === undefined) throw failedValidation(path, 'defined', value);
  if (!isObject(value)) throw failedValidation(path, 'an object', value);
  return value;
}

/** An optional object: undefined stays undefined. */
export function readOptionalObject(value: unknown, path: string): JsonObject | undefined {
  return value === undefined ? undefined : readObject(value, path);
}

/** A list of at most `max` items (Notion's limit for most arrays is 100). */
export function readArray(value: unknown, path: string, max = 100): unknown[] {
  if (value === undefined) throw failedValidation(path, 'defined', value);
  if (!Array.isArray(value)) throw failedValidation(path, 'an array', value);
  if (value.length > max) throw failedValidation(`${path}.length`, `≤ \`${max}\``, value.length);
  return value;
}

export function readString(value: unknown, path: string, limits: { min?: number; max?: number } = {}): string {
  if (value === undefined) throw failedValidation(path, 'defined', value);
  if (typeof value !== 'string') throw failedValidation(path, 'a string', value);
  const { min = 0, max = 2000 } = limits;
  if (value.length < min) throw failedValidation(`${path}.length`, `≥ \`${min}\``, value.length);
  if (value.length > max) throw failedValidation(`${path}.length`, `≤ \`${max}\``, value.length);
  return value;
}

export function readNumber(value: unknown, path: string): number {
  if (typeof value !== 'number') throw failedValidation(path, 'a number', value);
  return value;
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw failedValidation(path, 'a boolean', value);
  return value;
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** An identifier with or without hyphens, as lower-case UUID. */
export function readId(value: unknown, path: string): string {
  if (typeof value !== 'string' || !UUID.test(value)) throw failedValidation(path, 'a valid uuid', value);
  const digits = value.replaceAll('-', '').toLowerCase();
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

/** `page_size`, from a body or a query string: 1 to 100, 100 when absent. */
export function readPageSize(value: unknown, path: string): number {
  if (value === undefined || value === null) return 100;
  const size = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof size !== 'number' || !Number.isInteger(size)) throw failedValidation(path, 'a number', value);
  if (size < 1) throw failedValidation(path, '≥ `1`', size);
  if (size > 100) throw failedValidation(path, '≤ `100`', size);
  return size;
}
