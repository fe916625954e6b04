/**
 * The answers: databases, data sources, pages, blocks and users in the shapes that Notion publishes for API 2025-09-03. Addresses are
 * made from where the server runs.
 */
import { BOT_USER_ID, PEOPLE, WORKSPACE_ID } from './ids';
import type { Block, Database, Page, PropertySchema } from './model';
import { STATUS_GROUPS } from './properties';
import { valueOf } from './query';
import { plainText, textOf } from './rich-text';

const userReference = (id: string) => ({ object: 'user', id });
const dashless = (id: string) => id.replaceAll('-', '');

/** The title of a page as a person reads it. */
export function titleOf(page: Page): string {
  const title = Object.values(page.values).find((value) => value.type === 'title');
  return title?.type === 'title' ? textOf(title.title) : '';
}

/** The address of a page's own HTML page: its title as a slug, then its id, as Notion makes them. */
export function pageUrl(page: Page, baseUrl: string): string {
  const slug = titleOf(page)
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 80);
  return `${baseUrl}/${slug === '' ? '' : `${slug}-`}${dashless(page.id)}`;
}

export const databaseUrl = (database: Database, baseUrl: string) => `${baseUrl}/${dashless(database.id)}`;

function presentSchema(schema: PropertySchema): Record<string, unknown> {
  const { type, id, name } = schema;
  const head = { id, name, description: null, type };
  const withDescription = (option: { id: string; name: string; color: string }) => ({
    id: option.id,
    name: option.name,
    color: option.color,
    description: null,
  });
  switch (schema.type) {
    case 'number':
      return { ...head, number: { format: schema.format } };
    case 'select':
    case 'multi_select':
      return { ...head, [type]: { options: schema.options.map(withDescription) } };
    case 'status': {
      const groups = STATUS_GROUPS.map((group, index) => ({
        id: `group-${index}`,
        name: group,
        color: ['gray', 'blue', 'green'][index] ?? 'default',
        option_ids: schema.options.filter((option) => option.group === group).map((option) => option.id),
      }));
      return { ...head, status: { options: schema.options.map(withDescription), groups } };
    }
    case 'relation':
      return {
        ...head,
        relation: {
          database_id: schema.databaseId,
          data_source_id: schema.dataSourceId,
          type: 'single_property',
          single_property: {},
        },
      };
    default:
      return { ...head, [type]: {} };
  }
}

export function presentDatabase(database: Database, baseUrl: string): Record<string, unknown> {
  return {
    object: 'database',
    id: database.id,
    title: plainText(database.title),
    description: plainText(database.description),
    parent: { type: 'workspace', workspace: true },
    is_inline: false,
    in_trash: false,
    archived: false,
    is_locked: false,
    created_time: database.createdTime,
    last_edited_time: database.editedTime,
    data_sources: [{ id: database.dataSourceId, name: database.title }],
    icon: null,
    cover: null,
    url: databaseUrl(database, baseUrl),
    public_url: null,
  };
}

export function presentDataSource(database: Database, baseUrl: string): Record<string, unknown> {
  return {
    object: 'data_source',
    id: database.dataSourceId,
    title: plainText(database.title),
    description: plainText(database.description),
    parent: { type: 'database_id', database_id: database.id },
    database_parent: { type: 'workspace', workspace: true },
    is_inline: false,
    in_trash: false,
    archived: false,
    created_time: database.createdTime,
    last_edited_time: database.editedTime,
    created_by: userReference(BOT_USER_ID),
    last_edited_by: userReference(BOT_USER_ID),
    properties: Object.fromEntries(database.properties.map((schema) => [schema.name, presentSchema(schema)])),
    icon: null,
    cover: null,
    url: databaseUrl(database, baseUrl),
    public_url: null,
  };
}

export function presentPage(page: Page, database: Database, baseUrl: string): Record<string, unknown> {
  return {
    object: 'page',
    id: page.id,
    created_time: page.createdTime,
    last_edited_time: page.editedTime,
    created_by: userReference(page.createdBy),
    last_edited_by: userReference(page.editedBy),
    in_trash: page.inTrash,
    archived: page.inTrash,
    is_archived: page.inTrash,
    is_locked: false,
    icon: null,
    cover: null,
    parent: { type: 'data_source_id', data_source_id: database.dataSourceId, database_id: database.id },
    properties: Object.fromEntries(
      database.properties.map((schema) => [schema.name, { id: schema.id, ...valueOf(page, schema) }]),
    ),
    url: pageUrl(page, baseUrl),
    public_url: null,
  };
}

export function presentBlock(block: Block): Record<string, unknown> {
  return {
    object: 'block',
    id: block.id,
    parent: block.parent,
    created_time: block.createdTime,
    last_edited_time: block.editedTime,
    created_by: userReference(block.createdBy),
    last_edited_by: userReference(block.editedBy),
    has_children: block.children.length > 0,
    in_trash: block.inTrash,
    archived: block.inTrash,
    type: block.type,
    [block.type]: block.content,
  };
}

export function presentBot(): Record<string, unknown> {
  return {
    object: 'user',
    id: BOT_USER_ID,
    name: 'Slipway (local)',
    avatar_url: null,
    type: 'bot',
    bot: {
      owner: { type: 'workspace', workspace: true },
      workspace_id: WORKSPACE_ID,
      workspace_name: 'Local workspace',
      workspace_limits: { max_file_upload_size_in_bytes: 5_242_880 },
    },
  };
}

/** The name of a user, where there is one with this id. */
export function userName(id: string): string | undefined {
  return id === BOT_USER_ID ? 'Slipway (local)' : PEOPLE.find((person) => person.id === id)?.name;
}

export function presentPerson(person: (typeof PEOPLE)[number]): Record<string, unknown> {
  return {
    object: 'user',
    id: person.id,
    name: person.name,
    avatar_url: null,
    type: 'person',
    person: { email: person.email },
  };
}
