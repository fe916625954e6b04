/**
 * Between what the portal wants to say about a page and the columns that a team's database happens to have: names are matched
 * tolerantly, kinds are converted, and what has no column is left out.
 */
import type { TrackerProperty, ValueAnswer } from './answers';
import { toRichText } from './page-block';

/** One thing to say. Without a value there is nothing to say, and a column is left as it is. */
export interface Column {
  /** How the column may be called, the likeliest name first. */
  names: readonly string[];
  value: string | undefined;
  /** Where the text links to, in columns that hold rich text. */
  link?: string;
  /** Kept as the portal says. Other columns are filled where they are empty and then belong to the people. */
  ours: boolean;
}

/** A column that exists and takes the value. */
export interface FittedColumn {
  column: Column;
  property: TrackerProperty;
  /** What the cell reads when it is right. */
  wanted: string;
  request: Record<string, unknown>;
}

const simplify = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** The column that stands under one of the names, whatever its case and punctuation. */
export function findColumn(
  properties: readonly TrackerProperty[],
  names: readonly string[],
): TrackerProperty | undefined {
  for (const name of names) {
    const found = properties.find((property) => simplify(property.name) === simplify(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The one column of type title that every table has. */
export function titleColumn(properties: readonly TrackerProperty[]): TrackerProperty | undefined {
  return properties.find((property) => property.type === 'title');
}

function optionNamed(options: { name: string }[], value: string): string | undefined {
  return options.find((option) => simplify(option.name) === simplify(value))?.name;
}

/** The value as the column takes it, undefined where it cannot hold it. */
function requestFor(
  property: TrackerProperty,
  value: string,
  link: string | undefined,
): Pick<FittedColumn, 'wanted' | 'request'> | undefined {
  const runs = [{ text: value, ...(link === undefined ? {} : { link }) }];
  switch (property.type) {
    case 'title':
      return { wanted: value, request: { title: toRichText(runs) } };
    case 'rich_text': {
      const own = link === undefined && URL.canParse(value) ? [{ text: value, link: value }] : runs;
      return { wanted: value, request: { rich_text: toRichText(own) } };
    }
    case 'url':
      return URL.canParse(value) ? { wanted: value, request: { url: value } } : undefined;
    case 'select': {
      // Notion refuses commas in options; a name that is new becomes an option.
      const name = optionNamed(property.select?.options ?? [], value) ?? value.replaceAll(',', ' ');
      return { wanted: name, request: { select: { name } } };
    }
    case 'multi_select': {
      const name = optionNamed(property.multi_select?.options ?? [], value) ?? value.replaceAll(',', ' ');
      return { wanted: name, request: { multi_select: [{ name }] } };
    }
    case 'status': {
      // Unlike a select's, the options of a status cannot be made through the API.
      const name = optionNamed(property.status?.options ?? [], value);
      return name === undefined ? undefined : { wanted: name, request: { status: { name } } };
    }
    default:
      return undefined;
  }
}

/** The columns that exist and can hold what is wanted. */
export function fitColumns(properties: readonly TrackerProperty[], columns: readonly Column[]): FittedColumn[] {
  return columns.flatMap((column) => {
    const property = findColumn(properties, column.names);
    if (property === undefined || column.value === undefined || column.value === '') return [];
    const fitted = requestFor(property, column.value, column.link);
    return fitted === undefined ? [] : [{ column, property, ...fitted }];
  });
}

/** What a cell reads. */
export function readCell(value: ValueAnswer | { type: string } | undefined): string {
  if (value === undefined) return '';
  const runs =
    'title' in value && value.title
      ? value.title
      : 'rich_text' in value && value.rich_text
        ? value.rich_text
        : undefined;
  if (runs !== undefined) return runs.map((run) => run.plain_text).join('');
  if ('url' in value && typeof value.url === 'string') return value.url;
  if ('multi_select' in value && value.multi_select) return value.multi_select.map((option) => option.name).join(', ');
  const named = ('select' in value ? value.select : undefined) ?? ('status' in value ? value.status : undefined);
  return named?.name ?? '';
}
