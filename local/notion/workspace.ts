/**
 * The workspace behind the Notion stand-in: databases, pages and blocks, and everything that changes them. Callers get NotionErrors
 * for what Notion would refuse; a refused request changes nothing.
 */
import { randomUUID } from 'node:crypto';

import type { NewBlock } from './blocks';
import { readBlockContent, takesChildren } from './blocks';
import { BOT_USER_ID } from './ids';
import type { Block, Database, Page, PropertySchema, PropertyValue, State } from './model';
import { failedValidation, invalid, notFound } from './notion-error';
import { blankValue, findProperty, readPropertySchema, readPropertyValue } from './properties';
import { readObject, type JsonObject } from './reading';

const TRASHED = "Can't edit block that is archived. You must unarchive the block before editing.";

export class Workspace {
  constructor(
    readonly state: State,
    private readonly clock: () => Date,
  ) {}

  /** Notion's times are those of the minute. */
  private now(): string {
    const time = this.clock();
    time.setUTCSeconds(0, 0);
    return time.toISOString();
  }

  database(id: string): Database {
    const database = this.state.databases.find((candidate) => candidate.id === id);
    if (database === undefined) throw notFound('database', id);
    return database;
  }

  dataSource(id: string): Database {
    const database = this.state.databases.find((candidate) => candidate.dataSourceId === id);
    if (database === undefined) throw notFound('data source', id);
    return database;
  }

  page(id: string): Page {
    const page = this.state.pages.find((candidate) => candidate.id === id);
    if (page === undefined) throw notFound('page', id);
    return page;
  }

  block(id: string): Block {
    const block = this.state.blocks[id];
    if (block === undefined || block.inTrash) throw notFound('block', id);
    return block;
  }

  /** The pages of a data source, without those in the trash, oldest first. */
  pagesOf(dataSourceId: string): Page[] {
    return this.state.pages.filter((page) => page.dataSourceId === dataSourceId && !page.inTrash);
  }

  /** The blocks of a page or below a block, in order. @throws {NotionError} when neither exists. */
  childrenOf(id: string): Block[] {
    const parent = this.state.pages.find((page) => page.id === id) ?? this.block(id);
    return parent.children.flatMap((child) => {
      const block = this.state.blocks[child];
      return block === undefined || block.inTrash ? [] : [block];
    });
  }

  createDatabase(title: string, properties: unknown): Database {
    const given = readObject(properties, 'body.initial_data_source.properties');
    const schemas = Object.entries(given).map(([name, value]) =>
      readPropertySchema(name, value, `body.initial_data_source.properties.${name}`),
    );
    if (schemas.filter((schema) => schema.type === 'title').length !== 1) {
      throw invalid('A database must have exactly one title property.');
    }
    const time = this.now();
    const database: Database = {
      id: randomUUID(),
      dataSourceId: randomUUID(),
      title,
      description: '',
      createdTime: time,
      editedTime: time,
      properties: schemas,
    };
    this.state.databases.push(database);
    return database;
  }

  /** Reads the `properties` of a request against the data source; new options of selects are kept only when all of it is right. */
  private readValues(
    database: Database,
    value: unknown,
  ): { schemas: PropertySchema[]; values: Record<string, PropertyValue> } {
    const schemas = structuredClone(database.properties);
    const values: Record<string, PropertyValue> = {};
    for (const [name, given] of Object.entries(readObject(value, 'body.properties'))) {
      const schema = findProperty(schemas, name);
      if (schema === undefined) throw invalid(`${name} is not a property that exists.`);
      values[schema.id] = readPropertyValue(schema, given, `body.properties.${name}`);
    }
    return { schemas, values };
  }

  createPage(database: Database, properties: unknown, blocks: NewBlock[]): Page {
    const { schemas, values } = this.readValues(database, properties ?? {});
    database.properties = schemas;
    const time = this.now();
    const page: Page = {
      id: randomUUID(),
      dataSourceId: database.dataSourceId,
      createdTime: time,
      editedTime: time,
      createdBy: BOT_USER_ID,
      editedBy: BOT_USER_ID,
      inTrash: false,
      values: { ...Object.fromEntries(schemas.map((schema) => [schema.id, blankValue(schema)])), ...values },
      children: [],
    };
    this.state.pages.push(page);
    page.children = this.addBlocks({ type: 'page_id', page_id: page.id }, blocks);
    return page;
  }

  updatePage(page: Page, properties: unknown, inTrash: boolean | undefined): Page {
    if (page.inTrash && inTrash !== false) throw invalid(TRASHED);
    const database = this.dataSource(page.dataSourceId);
    const { schemas, values } = this.readValues(database, properties ?? {});
    database.properties = schemas;
    Object.assign(page.values, values);
    if (inTrash !== undefined) page.inTrash = inTrash;
    page.editedTime = this.now();
    page.editedBy = BOT_USER_ID;
    return page;
  }

  private addBlocks(parent: Block['parent'], blocks: readonly NewBlock[]): string[] {
    return blocks.map((block) => {
      const id = randomUUID();
      const time = this.now();
      this.state.blocks[id] = {
        id,
        parent,
        createdTime: time,
        editedTime: time,
        createdBy: BOT_USER_ID,
        editedBy: BOT_USER_ID,
        inTrash: false,
        type: block.type,
        content: block.content,
        children: this.addBlocks({ type: 'block_id', block_id: id }, block.children),
      };
      return id;
    });
  }

  /** Appends below a page or block, at the end or after one of its children. */
  appendBlocks(parentId: string, blocks: NewBlock[], after: string | undefined): Block[] {
    const page = this.state.pages.find((candidate) => candidate.id === parentId);
    const parent = page ?? this.block(parentId);
    if (page?.inTrash === true) throw invalid(TRASHED);
    if (!('dataSourceId' in parent) && !takesChildren(parent.type)) {
      throw invalid(`Block of type ${parent.type} does not support children.`);
    }
    const position = after === undefined ? parent.children.length : parent.children.indexOf(after) + 1;
    if (after !== undefined && position === 0) throw invalid(`Block ${after} is not a child of ${parentId}.`);
    const added = this.addBlocks(
      page === undefined ? { type: 'block_id', block_id: parentId } : { type: 'page_id', page_id: parentId },
      blocks,
    );
    parent.children.splice(position, 0, ...added);
    parent.editedTime = this.now();
    parent.editedBy = BOT_USER_ID;
    return added.map((id) => this.block(id));
  }

  updateBlock(block: Block, body: JsonObject): Block {
    const content = body[block.type];
    if (content !== undefined) {
      block.content = readBlockContent(
        block.type,
        { ...block.content, ...readObject(content, `body.${block.type}`) },
        `body.${block.type}`,
      );
    } else if (body.in_trash === undefined && body.archived === undefined) {
      throw failedValidation(`body.${block.type}`, 'defined', undefined);
    }
    if (body.in_trash === true || body.archived === true) block.inTrash = true;
    block.editedTime = this.now();
    block.editedBy = BOT_USER_ID;
    return block;
  }

  /**
   * What a person does by hand and not through the API: change values, write paragraphs. The page and the new blocks carry their name,
   * which is how an integration tells its own words from other people's.
   */
  editAs(person: string, page: Page, edit: { properties?: unknown; blocks?: NewBlock[] }): void {
    if (edit.properties !== undefined) this.updatePage(page, edit.properties, undefined);
    for (const block of edit.blocks === undefined ? [] : this.appendBlocks(page.id, edit.blocks, undefined)) {
      block.createdBy = person;
      block.editedBy = person;
    }
    page.editedTime = this.now();
    page.editedBy = person;
  }
}
