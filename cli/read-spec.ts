/** A spec file, YAML or JSON, as a Manifest; or every problem in it with the line it stands on. */
import { readFileSync } from 'node:fs';
import { fieldProblemsOf } from '@/lib/generator/field-problems';
import { parseWithLines } from '@/lib/generator/parse-with-lines';
import type { FieldProblem } from '@/lib/generator/types';
import { Manifest } from '@/lib/services/manifest';
import { decodeText } from './read-checkout';
import { explainSystemError, UsageError } from './usage-error';

/** @throws UsageError where the file cannot be read at all. */
export function readSpec(path: string): { manifest: Manifest } | { problems: FieldProblem[] } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    throw new UsageError(`The spec cannot be read: ${explainSystemError(error, path)}`);
  }
  const text = decodeText(bytes);
  if (text === undefined) return { problems: [{ path: '', line: 1, message: 'The file is not UTF-8 text.' }] };
  return parseSpec(text);
}

/** The text of a spec file, checked. */
export function parseSpec(text: string): { manifest: Manifest } | { problems: FieldProblem[] } {
  const parsed = parseWithLines(text);
  if ('problems' in parsed) return parsed;
  const result = Manifest.safeParse(parsed.value ?? {});
  if (result.success) return { manifest: result.data };
  return { problems: result.error.issues.flatMap((issue) => fieldProblemsOf(issue, parsed.lineOf)) };
}
