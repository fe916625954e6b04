/**
 * What the portal reads of Notion's answers (API 2025-09-03), parsed: only the parts it uses, so that new fields and new kinds of
 * properties and blocks never break it.
 */
import { z } from 'zod';

const Id = z.string().min(1);
const UserReference = z.object({ id: Id });

export const SelfAnswer = z.object({
  id: Id,
  name: z.string().nullish(),
  bot: z.object({ workspace_name: z.string().nullish() }).optional(),
});

export type SelfAnswer = z.infer<typeof SelfAnswer>;

export const DatabaseAnswer = z.object({
  id: Id,
  data_sources: z.array(z.object({ id: Id, name: z.string() })).min(1),
});

const Options = z.object({ options: z.array(z.object({ name: z.string() })) }).optional();

const PropertyAnswer = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  select: Options,
  status: Options,
  multi_select: Options,
});

/** The columns of a data source, by name. */
export const DataSourceAnswer = z.object({ id: Id, properties: z.record(z.string(), PropertyAnswer) });
export type TrackerProperty = z.infer<typeof PropertyAnswer>;

const Annotations = z.object({ bold: z.boolean(), italic: z.boolean(), strikethrough: z.boolean(), code: z.boolean() });

export const RichTextAnswer = z.object({
  plain_text: z.string(),
  href: z.string().nullish(),
  annotations: Annotations,
});
export type RichTextAnswer = z.infer<typeof RichTextAnswer>;

const Named = z.object({ name: z.string() }).nullish();

/** A cell, as far as it can hold text. */
export const ValueAnswer = z.object({
  type: z.string(),
  title: z.array(RichTextAnswer).optional(),
  rich_text: z.array(RichTextAnswer).optional(),
  url: z.string().nullish(),
  select: Named,
  status: Named,
  multi_select: z.array(z.object({ name: z.string() })).optional(),
});
export type ValueAnswer = z.infer<typeof ValueAnswer>;

/** Values of kinds that the portal does not read may look like anything. */
const AnyValue = ValueAnswer.or(z.object({ type: z.string() }));

export const PageAnswer = z.object({
  id: Id,
  url: z.string(),
  last_edited_by: UserReference,
  properties: z.record(z.string(), AnyValue),
});
export type TrackerPage = z.infer<typeof PageAnswer>;

const Cursor = { next_cursor: z.string().nullable(), has_more: z.boolean() };

export const PageListAnswer = z.object({ results: z.array(PageAnswer), ...Cursor });

/** A block: its kind's own content stands under the name of the kind and is read by the one who compares it. */
export const BlockAnswer = z.looseObject({
  id: Id,
  type: z.string(),
  has_children: z.boolean(),
  last_edited_by: UserReference,
});
export type BlockAnswer = z.infer<typeof BlockAnswer>;

export const BlockListAnswer = z.object({ results: z.array(BlockAnswer), ...Cursor });
