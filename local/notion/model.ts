/**
 * What the Notion stand-in remembers. Property values and blocks are kept in the form in which they are answered; addresses,
 * parents' names and anything that depends on where the server runs are added when answering.
 */
import { z } from 'zod';

import { RichText } from './rich-text';

export const SelectOption = z.object({ id: z.string(), name: z.string(), color: z.string() });
export type SelectOption = z.infer<typeof SelectOption>;

const Options = z.array(SelectOption);

/** One column of a data source. `options` for the kinds that have some, `group` for statuses. */
export const PropertySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['title', 'rich_text', 'url', 'checkbox', 'date', 'people', 'email']),
    id: z.string(),
    name: z.string(),
  }),
  z.object({ type: z.literal('number'), id: z.string(), name: z.string(), format: z.string() }),
  z.object({ type: z.enum(['select', 'multi_select']), id: z.string(), name: z.string(), options: Options }),
  z.object({
    type: z.literal('status'),
    id: z.string(),
    name: z.string(),
    options: z.array(SelectOption.extend({ group: z.string() })),
  }),
  z.object({
    type: z.literal('relation'),
    id: z.string(),
    name: z.string(),
    dataSourceId: z.string(),
    databaseId: z.string(),
  }),
]);
export type PropertySchema = z.infer<typeof PropertySchema>;

const Reference = z.object({ id: z.string() });

export const PropertyValue = z.discriminatedUnion('type', [
  z.object({ type: z.literal('title'), title: z.array(RichText) }),
  z.object({ type: z.literal('rich_text'), rich_text: z.array(RichText) }),
  z.object({ type: z.literal('number'), number: z.number().nullable() }),
  z.object({ type: z.literal('select'), select: SelectOption.nullable() }),
  z.object({ type: z.literal('multi_select'), multi_select: Options }),
  z.object({ type: z.literal('status'), status: SelectOption.nullable() }),
  z.object({ type: z.literal('url'), url: z.string().nullable() }),
  z.object({ type: z.literal('email'), email: z.string().nullable() }),
  z.object({ type: z.literal('checkbox'), checkbox: z.boolean() }),
  z.object({
    type: z.literal('date'),
    date: z.object({ start: z.string(), end: z.string().nullable(), time_zone: z.string().nullable() }).nullable(),
  }),
  z.object({ type: z.literal('people'), people: z.array(Reference.extend({ object: z.literal('user') })) }),
  z.object({ type: z.literal('relation'), relation: z.array(Reference) }),
]);
export type PropertyValue = z.infer<typeof PropertyValue>;

/** A database with its one data source. */
export const Database = z.object({
  id: z.string(),
  dataSourceId: z.string(),
  title: z.string(),
  description: z.string(),
  createdTime: z.string(),
  editedTime: z.string(),
  properties: z.array(PropertySchema),
});
export type Database = z.infer<typeof Database>;

export const Page = z.object({
  id: z.string(),
  dataSourceId: z.string(),
  createdTime: z.string(),
  editedTime: z.string(),
  createdBy: z.string(),
  editedBy: z.string(),
  inTrash: z.boolean(),
  /** By property id. */
  values: z.record(z.string(), PropertyValue),
  /** Block ids in order. */
  children: z.array(z.string()),
});
export type Page = z.infer<typeof Page>;

export const Block = z.object({
  id: z.string(),
  parent: z.discriminatedUnion('type', [
    z.object({ type: z.literal('page_id'), page_id: z.string() }),
    z.object({ type: z.literal('block_id'), block_id: z.string() }),
  ]),
  createdTime: z.string(),
  editedTime: z.string(),
  createdBy: z.string(),
  editedBy: z.string(),
  inTrash: z.boolean(),
  type: z.string(),
  /** What stands under the block's own type. */
  content: z.record(z.string(), z.unknown()),
  children: z.array(z.string()),
});
export type Block = z.infer<typeof Block>;

export const State = z.object({
  databases: z.array(Database),
  pages: z.array(Page),
  blocks: z.record(z.string(), Block),
});
export type State = z.infer<typeof State>;
