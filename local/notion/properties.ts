/**
 * Columns and cells of a data source: making a schema from a request, and reading the values that a request gives to a page.
 */
import { createHash, randomUUID } from 'node:crypto';

import type { PropertySchema, PropertyValue, SelectOption } from './model';
import { failedValidation, invalid } from './notion-error';
import {
  readArray,
  readBoolean,
  readId,
  readNumber,
  readObject,
  readOptionalObject,
  readString,
  type JsonObject,
} from './reading';
import { readRichText, textOf } from './rich-text';

const OPTION_COLORS = ['gray', 'brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red'] as const;
/** Notion's three groups of statuses. */
export const STATUS_GROUPS = ['To-do', 'In progress', 'Complete'] as const;

/** Short and stable, as Notion's; the title's is always `title`. */
export function propertyIdOf(name: string, type: string): string {
  return type === 'title' ? 'title' : createHash('sha256').update(name).digest('base64url').slice(0, 4);
}

/** A new option with the next colour. */
export function makeOption(name: string, existing: number): SelectOption {
  return { id: randomUUID(), name, color: OPTION_COLORS[existing % OPTION_COLORS.length] ?? 'default' };
}

function readOptions(config: JsonObject, path: string): SelectOption[] {
  if (config.options === undefined) return [];
  return readArray(config.options, `${path}.options`).map((value, index) =>
    makeOption(
      readString(readObject(value, `${path}.options[${index}]`).name, `${path}.options[${index}].name`, { min: 1 }),
      index,
    ),
  );
}

/** Reads one column of `databases.create`. */
export function readPropertySchema(name: string, value: unknown, path: string): PropertySchema {
  const given = readObject(value, path);
  const type = Object.keys(given).find((key) => key !== 'type' && key !== 'name' && key !== 'description');
  const id = propertyIdOf(name, type ?? '');
  const config = readOptionalObject(type === undefined ? undefined : given[type], `${path}.${type}`) ?? {};
  switch (type) {
    case 'title':
    case 'rich_text':
    case 'url':
    case 'checkbox':
    case 'date':
    case 'people':
    case 'email':
      return { type, id, name };
    case 'number':
      return {
        type,
        id,
        name,
        format: config.format === undefined ? 'number' : readString(config.format, `${path}.number.format`),
      };
    case 'select':
    case 'multi_select':
      return { type, id, name, options: readOptions(config, `${path}.${type}`) };
    case 'relation':
      return {
        type,
        id,
        name,
        dataSourceId: readId(config.data_source_id, `${path}.relation.data_source_id`),
        databaseId: readId(config.database_id ?? config.data_source_id, `${path}.relation.database_id`),
      };
    case 'status':
      return {
        type,
        id,
        name,
        options: ['Not started', 'In progress', 'Done'].map((option, index) => ({
          ...makeOption(option, index),
          group: STATUS_GROUPS[index] ?? 'To-do',
        })),
      };
    default:
      throw invalid(`${path}: the local stand-in offers no property of type ${String(type)}.`);
  }
}

/** What a cell holds before anybody wrote to it. */
export function blankValue(schema: PropertySchema): PropertyValue {
  switch (schema.type) {
    case 'title':
      return { type: 'title', title: [] };
    case 'rich_text':
      return { type: 'rich_text', rich_text: [] };
    case 'number':
      return { type: 'number', number: null };
    case 'select':
      return { type: 'select', select: null };
    case 'multi_select':
      return { type: 'multi_select', multi_select: [] };
    case 'status': {
      const first = schema.options[0];
      return {
        type: 'status',
        status: first === undefined ? null : { id: first.id, name: first.name, color: first.color },
      };
    }
    case 'url':
      return { type: 'url', url: null };
    case 'email':
      return { type: 'email', email: null };
    case 'checkbox':
      return { type: 'checkbox', checkbox: false };
    case 'date':
      return { type: 'date', date: null };
    case 'people':
      return { type: 'people', people: [] };
    case 'relation':
      return { type: 'relation', relation: [] };
  }
}

function findOption(options: readonly SelectOption[], given: JsonObject): SelectOption | undefined {
  const found = options.find((option) =>
    given.id === undefined ? option.name === given.name : option.id === given.id,
  );
  return found === undefined ? undefined : { id: found.id, name: found.name, color: found.color };
}

/** A select's option; a name that is new becomes a new option of the column, as in Notion. */
function readSelect(
  schema: Extract<PropertySchema, { type: 'select' | 'multi_select' }>,
  value: unknown,
  path: string,
): SelectOption {
  const given = readObject(value, path);
  const found = findOption(schema.options, given);
  if (found !== undefined) return found;
  const name = readString(given.name, `${path}.name`, { min: 1, max: 100 });
  if (name.includes(',')) throw invalid(`Invalid select option, commas not allowed: ${name}`);
  const option = makeOption(name, schema.options.length);
  schema.options.push(option);
  return option;
}

function readDate(value: unknown, path: string): { start: string; end: string | null; time_zone: string | null } {
  const given = readObject(value, path);
  const start = readString(given.start, `${path}.start`);
  if (Number.isNaN(Date.parse(start))) throw failedValidation(`${path}.start`, 'a valid ISO 8601 date string', start);
  return { start, end: typeof given.end === 'string' ? given.end : null, time_zone: null };
}

/**
 * Reads the value that a request gives to one column.
 * @throws {NotionError} when it is not of the column's type or not allowed.
 */
export function readPropertyValue(schema: PropertySchema, value: unknown, path: string): PropertyValue {
  const given = readObject(value, path);
  const { type } = schema;
  if ((given.type !== undefined && given.type !== type) || !(type in given))
    throw invalid(`${schema.name} is expected to be ${type}.`);
  const content = given[type];
  const at = `${path}.${type}`;
  switch (schema.type) {
    case 'title':
      return { type: 'title', title: readRichText(content, at) };
    case 'rich_text':
      return { type: 'rich_text', rich_text: readRichText(content, at) };
    case 'number':
      return { type: 'number', number: content === null ? null : readNumber(content, at) };
    case 'select':
      return { type: 'select', select: content === null ? null : readSelect(schema, content, at) };
    case 'multi_select':
      return {
        type: 'multi_select',
        multi_select: readArray(content, at).map((option, index) => readSelect(schema, option, `${at}[${index}]`)),
      };
    case 'status': {
      if (content === null) return { type: 'status', status: null };
      const wanted = readObject(content, at);
      const option = findOption(schema.options, wanted);
      if (option === undefined)
        throw invalid(`Invalid status option. Status option "${String(wanted.name)}" does not exist".`);
      return { type: 'status', status: option };
    }
    case 'url':
      return { type: 'url', url: content === null ? null : readString(content, at, { min: 1 }) };
    case 'email':
      return { type: 'email', email: content === null ? null : readString(content, at, { min: 1, max: 200 }) };
    case 'checkbox':
      return { type: 'checkbox', checkbox: readBoolean(content, at) };
    case 'date':
      return { type: 'date', date: content === null ? null : readDate(content, at) };
    case 'people':
      return {
        type: 'people',
        people: readArray(content, at).map((person, index) => ({
          object: 'user',
          id: readId(readObject(person, `${at}[${index}]`).id, `${at}[${index}].id`),
        })),
      };
    case 'relation':
      return {
        type: 'relation',
        relation: readArray(content, at).map((page, index) => ({
          id: readId(readObject(page, `${at}[${index}]`).id, `${at}[${index}].id`),
        })),
      };
  }
}

/** Finds a column by name or id, as requests may name it either way. */
export function findProperty(properties: readonly PropertySchema[], nameOrId: string): PropertySchema | undefined {
  return (
    properties.find((property) => property.name === nameOrId) ?? properties.find((property) => property.id === nameOrId)
  );
}

/** What a person reads in a cell; people and relations are named by the caller. */
export function describeValue(value: PropertyValue, nameOf: (id: string) => string = (id) => id): string {
  switch (value.type) {
    case 'title':
      return textOf(value.title);
    case 'rich_text':
      return textOf(value.rich_text);
    case 'number':
      return value.number === null ? '' : String(value.number);
    case 'select':
      return value.select?.name ?? '';
    case 'multi_select':
      return value.multi_select.map((option) => option.name).join(', ');
    case 'status':
      return value.status?.name ?? '';
    case 'url':
      return value.url ?? '';
    case 'email':
      return value.email ?? '';
    case 'checkbox':
      return value.checkbox ? 'Yes' : 'No';
    case 'date':
      return value.date === null ? '' : [value.date.start, value.date.end].filter((part) => part !== null).join(' – ');
    case 'people':
      return value.people.map((person) => nameOf(person.id)).join(', ');
    case 'relation':
      return value.relation.map((page) => nameOf(page.id)).join(', ');
  }
}
