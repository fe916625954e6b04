/**
 * Querying a data source: filters, sorts and cursors, as far as the portal and a person with curl need them.
 */
import type { Page, PropertySchema, PropertyValue } from './model';
import { failedValidation, invalid } from './notion-error';
import { blankValue, describeValue, findProperty } from './properties';
import { readArray, readBoolean, readId, readNumber, readObject, readString, type JsonObject } from './reading';

type Test = (page: Page) => boolean;

/** The page's value in a column; a column that is newer than the page is blank. */
export function valueOf(page: Page, schema: PropertySchema): PropertyValue {
  return page.values[schema.id] ?? blankValue(schema);
}

const isEmpty = (value: PropertyValue) => describeValue(value) === '' && value.type !== 'checkbox';

const TEXT_TYPES = new Set(['title', 'rich_text', 'url', 'email']);

function textTest(condition: JsonObject, path: string): (text: string) => boolean {
  const tests = Object.entries(condition).map(([operator, operand]): ((text: string) => boolean) => {
    const wanted = () => readString(operand, `${path}.${operator}`);
    switch (operator) {
      case 'equals': {
        const exact = wanted();
        return (text) => text === exact;
      }
      case 'does_not_equal': {
        const exact = wanted();
        return (text) => text !== exact;
      }
      case 'contains': {
        const part = wanted().toLowerCase();
        return (text) => text.toLowerCase().includes(part);
      }
      case 'does_not_contain': {
        const part = wanted().toLowerCase();
        return (text) => !text.toLowerCase().includes(part);
      }
      case 'starts_with': {
        const start = wanted().toLowerCase();
        return (text) => text.toLowerCase().startsWith(start);
      }
      case 'is_empty':
        return (text) => text === '';
      case 'is_not_empty':
        return (text) => text !== '';
      default:
        throw failedValidation(`${path}.${operator}`, 'not present', operand);
    }
  });
  return (text) => tests.every((test) => test(text));
}

function propertyTest(schema: PropertySchema, filter: JsonObject, path: string): Test {
  const type = Object.keys(filter).find((key) => key !== 'property' && key !== 'type');
  if (type === undefined) throw failedValidation(`${path}.${schema.type}`, 'defined', undefined);
  // Notion lets text-like columns be asked as rich_text.
  const fits = type === schema.type || (type === 'rich_text' && TEXT_TYPES.has(schema.type));
  if (!fits) throw invalid(`database property ${schema.type} does not match filter ${type}`);
  const condition = readObject(filter[type], `${path}.${type}`);
  const at = `${path}.${type}`;
  switch (schema.type) {
    case 'checkbox': {
      const wanted = readBoolean(condition.equals, `${at}.equals`);
      return (page) => {
        const value = valueOf(page, schema);
        return value.type === 'checkbox' && value.checkbox === wanted;
      };
    }
    case 'number': {
      if ('is_empty' in condition) return (page) => isEmpty(valueOf(page, schema));
      const wanted = readNumber(condition.equals, `${at}.equals`);
      return (page) => {
        const value = valueOf(page, schema);
        return value.type === 'number' && value.number === wanted;
      };
    }
    case 'people':
    case 'relation':
    case 'multi_select': {
      if ('is_empty' in condition) return (page) => isEmpty(valueOf(page, schema));
      if ('is_not_empty' in condition) return (page) => !isEmpty(valueOf(page, schema));
      const wanted =
        schema.type === 'multi_select'
          ? readString(condition.contains, `${at}.contains`)
          : readId(condition.contains, `${at}.contains`);
      return (page) => {
        const value = valueOf(page, schema);
        if (value.type === 'multi_select') return value.multi_select.some((option) => option.name === wanted);
        if (value.type === 'people') return value.people.some((person) => person.id === wanted);
        return value.type === 'relation' && value.relation.some((other) => other.id === wanted);
      };
    }
    case 'date': {
      if ('is_empty' in condition) return (page) => isEmpty(valueOf(page, schema));
      const test = textTest(condition, at);
      return (page) => {
        const value = valueOf(page, schema);
        return value.type === 'date' && test(value.date?.start ?? '');
      };
    }
    default: {
      const test = textTest(condition, at);
      return (page) => test(describeValue(valueOf(page, schema)));
    }
  }
}

/** Reads a filter with `and`, `or` and conditions on columns. */
export function readFilter(value: unknown, properties: readonly PropertySchema[], path = 'body.filter'): Test {
  if (value === undefined) return () => true;
  const filter = readObject(value, path);
  if ('and' in filter) {
    const tests = readArray(filter.and, `${path}.and`).map((part, index) =>
      readFilter(part, properties, `${path}.and[${index}]`),
    );
    return (page) => tests.every((test) => test(page));
  }
  if ('or' in filter) {
    const tests = readArray(filter.or, `${path}.or`).map((part, index) =>
      readFilter(part, properties, `${path}.or[${index}]`),
    );
    return (page) => tests.some((test) => test(page));
  }
  const name = readString(filter.property, `${path}.property`);
  const schema = findProperty(properties, name);
  if (schema === undefined) throw invalid(`Could not find property with name or id: ${name}`);
  return propertyTest(schema, filter, path);
}

type Compare = (a: Page, b: Page) => number;

/** Reads `sorts`; without any the newest page comes first. */
export function readSorts(value: unknown, properties: readonly PropertySchema[]): Compare {
  const given = value === undefined ? [] : readArray(value, 'body.sorts');
  const compares = given.map((item, index): Compare => {
    const path = `body.sorts[${index}]`;
    const sort = readObject(item, path);
    const direction = sort.direction ?? 'ascending';
    if (direction !== 'ascending' && direction !== 'descending') {
      throw failedValidation(`${path}.direction`, '`"ascending"` or `"descending"`', direction);
    }
    const sign = direction === 'ascending' ? 1 : -1;
    if (sort.timestamp !== undefined) {
      if (sort.timestamp !== 'created_time' && sort.timestamp !== 'last_edited_time') {
        throw failedValidation(`${path}.timestamp`, '`"created_time"` or `"last_edited_time"`', sort.timestamp);
      }
      const field = sort.timestamp === 'created_time' ? 'createdTime' : 'editedTime';
      return (a, b) => sign * a[field].localeCompare(b[field]);
    }
    const name = readString(sort.property, `${path}.property`);
    const schema = findProperty(properties, name);
    if (schema === undefined) throw invalid(`Could not find sort property with name or id: ${name}`);
    return (a, b) => {
      const [left, right] = [valueOf(a, schema), valueOf(b, schema)];
      if (left.type === 'number' && right.type === 'number') {
        return sign * ((left.number ?? Number.POSITIVE_INFINITY) - (right.number ?? Number.POSITIVE_INFINITY) || 0);
      }
      return sign * describeValue(left).localeCompare(describeValue(right), 'en');
    };
  });
  if (compares.length === 0) return (a, b) => b.createdTime.localeCompare(a.createdTime);
  return (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/**
 * Cuts one page of answers out of a list. The cursor is the id of the first item that was not yet given.
 * @throws {NotionError} for a cursor that names nothing in the list.
 */
export function paginate<T extends { id: string }>(
  items: readonly T[],
  options: { cursor: unknown; size: number; path: string },
): { results: T[]; next_cursor: string | null; has_more: boolean } {
  let start = 0;
  if (options.cursor !== undefined && options.cursor !== null) {
    const id = readId(options.cursor, options.path);
    start = items.findIndex((item) => item.id === id);
    if (start < 0) throw invalid(`The start_cursor provided is invalid: ${id}`);
  }
  const next = items[start + options.size];
  return {
    results: items.slice(start, start + options.size),
    next_cursor: next?.id ?? null,
    has_more: next !== undefined,
  };
}
