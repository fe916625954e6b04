/**
 * What a draft holds: a manifest as the form has it, with holes, half-typed numbers and rows not yet filled in. It is stored as it was typed and
 * becomes a manifest only by completeDraft.
 */
import { z } from 'zod';

const MOST_BYTES = 64 * 1024;

/** A draft's content: any JSON object up to 64 KiB. What is wrong in it is said beside the field, and it is kept all the same. */
export const DraftContent = z
  .record(z.string(), z.json())
  .refine((content) => JSON.stringify(content).length <= MOST_BYTES, 'A draft holds at most 64 KiB.')
  // PostgreSQL cannot store this character.
  .refine((content) => !JSON.stringify(content).includes('\\u0000'), 'A draft holds no NUL characters.');
export type DraftContent = z.infer<typeof DraftContent>;
