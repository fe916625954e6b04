/** Parses what came in with a Zod schema and names every field that is wrong. */
import type { z } from 'zod';
import { InputError } from '@/lib/errors';

/** @throws InputError with a problem for each field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const [first, ...others] = problems;
  const more = others.length === 0 ? '' : ` ${others.length} more below.`;
  throw new InputError(
    `${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'The input is not valid.'}${more}`,
    problems,
  );
}
