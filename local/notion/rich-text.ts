/**
 * Notion's rich text: what a request may say, and the full form in which it is stored and answered. Mentions and equations are not
 * offered by the stand-in and refused.
 */
import { z } from 'zod';

import { failedValidation, invalid } from './notion-error';
import { readArray, readBoolean, readObject, readOptionalObject, readString } from './reading';

const Annotations = z.object({
  bold: z.boolean(),
  italic: z.boolean(),
  strikethrough: z.boolean(),
  underline: z.boolean(),
  code: z.boolean(),
  color: z.string(),
});

export const RichText = z.object({
  type: z.literal('text'),
  text: z.object({ content: z.string(), link: z.object({ url: z.string() }).nullable() }),
  annotations: Annotations,
  plain_text: z.string(),
  href: z.string().nullable(),
});
export type RichText = z.infer<typeof RichText>;

const FLAGS = ['bold', 'italic', 'strikethrough', 'underline', 'code'] as const;
const COLORS = ['default', 'gray', 'brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red'];

/** A colour of text or block, foreground or background. */
export function readColor(value: unknown, path: string): string {
  if (value === undefined) return 'default';
  const color = readString(value, path);
  if (!COLORS.includes(color.replace(/_background$/, ''))) throw failedValidation(path, 'a valid color', color);
  return color;
}

function readLink(value: unknown, path: string): { url: string } | null {
  if (value === undefined || value === null) return null;
  const url = readString(readObject(value, path).url, `${path}.url`, { min: 1 });
  // Notion takes absolute addresses and its own paths, and refuses anchors and relative paths.
  if (!url.startsWith('/') && !URL.canParse(url)) throw invalid('Invalid URL for link.');
  return { url };
}

function readRun(value: unknown, path: string): RichText {
  const run = readObject(value, path);
  if (run.type !== undefined && run.type !== 'text') {
    throw invalid(`${path}: the local stand-in offers rich text of type text only.`);
  }
  const text = readObject(run.text, `${path}.text`);
  const content = readString(text.content, `${path}.text.content`);
  const link = readLink(text.link, `${path}.text.link`);
  const given = readOptionalObject(run.annotations, `${path}.annotations`) ?? {};
  const flags = FLAGS.map((flag) => {
    const value = given[flag];
    return [flag, value === undefined ? false : readBoolean(value, `${path}.annotations.${flag}`)] as const;
  });
  const annotations = Annotations.parse({
    ...Object.fromEntries(flags),
    color: readColor(given.color, `${path}.annotations.color`),
  });
  return { type: 'text', text: { content, link }, annotations, plain_text: content, href: link?.url ?? null };
}

/** Reads a list of at most 100 runs of at most 2000 characters each. */
export function readRichText(value: unknown, path: string): RichText[] {
  return readArray(value, path).map((run, index) => readRun(run, `${path}[${index}]`));
}

/** Rich text without any formatting. */
export function plainText(content: string): RichText[] {
  return content === '' ? [] : readRichText([{ text: { content } }], 'text');
}

/** What a person reads. */
export function textOf(runs: readonly RichText[]): string {
  return runs.map((run) => run.plain_text).join('');
}
