/**
 * The stand-in's own pages for people: all databases as tables, and one page with its properties and blocks. They say plainly that
 * this is not Notion.
 */
import { html, page as frame, trusted, type Markup } from '../support/html';
import type { Block, Database, Page } from './model';
import { databaseUrl, pageUrl, titleOf, userName } from './present';
import { describeValue } from './properties';
import { valueOf } from './query';
import { RichText } from './rich-text';
import type { Workspace } from './workspace';

const NOTE = html`<p class="note">
  This is a local stand-in for Notion on this machine. What is written here stays here.
</p>`;

const isWebAddress = (text: string) => /^https?:\/\//.test(text);
const link = (url: string, label: Markup | string) =>
  isWebAddress(url) ? html`<a href="${url}" rel="noreferrer">${label}</a>` : html`${label}`;

/** An address without its scheme, cut where it gets long. */
function shorten(url: string): string {
  const bare = url.replace(/^https?:\/\//, '');
  return bare.length > 48 ? `${bare.slice(0, 47)}…` : bare;
}

function namesIn(workspace: Workspace): (id: string) => string {
  return (id) => {
    const page = workspace.state.pages.find((candidate) => candidate.id === id);
    return page === undefined ? (userName(id) ?? id) : titleOf(page);
  };
}

function cell(workspace: Workspace, row: Page, schema: Database['properties'][number], baseUrl: string): Markup {
  const value = valueOf(row, schema);
  const described = describeValue(value, namesIn(workspace));
  if (value.type === 'title')
    return html`<a href="${pageUrl(row, baseUrl)}">${described === '' ? 'Untitled' : described}</a>`;
  if (value.type === 'url' && value.url !== null) return link(value.url, shorten(value.url));
  if ((value.type === 'select' || value.type === 'status') && described !== '')
    return html`<span class="pill">${described}</span>`;
  return html`${described}`;
}

function table(workspace: Workspace, database: Database, baseUrl: string): Markup {
  const rows = workspace.pagesOf(database.dataSourceId);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${database.title}">
    <table>
      <thead>
        <tr>
          ${database.properties.map((schema) => html`<th scope="col">${schema.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${database.properties.map((schema) => html`<td>${cell(workspace, row, schema, baseUrl)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${rows.length === 0 ? html`<p class="note">No pages yet.</p>` : undefined}
  </div>`;
}

/** The front page: every database with its rows. */
export function workspacePage(workspace: Workspace, baseUrl: string): string {
  return frame({
    title: 'Local Notion',
    width: 'wide',
    body: html`
      <h1>Workspace</h1>
      ${NOTE}
      ${workspace.state.databases.map(
        (database) => html`
          <h2><a href="${databaseUrl(database, baseUrl)}">${database.title}</a></h2>
          <p class="note">${database.description}</p>
          ${table(workspace, database, baseUrl)}
        `,
      )}
    `,
  });
}

/** One database. */
export function databasePage(workspace: Workspace, database: Database, baseUrl: string): string {
  return frame({
    title: `${database.title} – Local Notion`,
    width: 'wide',
    body: html`
      <p class="crumb"><a href="${baseUrl}/">Workspace</a></p>
      <h1>${database.title}</h1>
      <p>${database.description}</p>
      ${NOTE} ${table(workspace, database, baseUrl)}
      <p class="note">Database <code>${database.id}</code></p>
    `,
  });
}

function richText(value: unknown): Markup {
  const runs = RichText.array().safeParse(value);
  if (!runs.success) return html``;
  return html`${runs.data.map((run) => {
    let piece = html`${run.plain_text}`;
    if (run.annotations.code) piece = html`<code>${piece}</code>`;
    if (run.annotations.bold) piece = html`<strong>${piece}</strong>`;
    if (run.annotations.italic) piece = html`<em>${piece}</em>`;
    if (run.annotations.strikethrough) piece = html`<s>${piece}</s>`;
    return run.href === null ? piece : link(run.href, piece);
  })}`;
}

function tableBlock(workspace: Workspace, block: Block): Markup {
  const rows = workspace.childrenOf(block.id).map((row): readonly unknown[] => {
    const { cells } = row.content;
    return Array.isArray(cells) ? cells : [];
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table">
    <table>
      ${rows.map((cells, index) =>
        index === 0 && block.content.has_column_header === true
          ? html`<thead>
              <tr>
                ${cells.map((content) => html`<th scope="col">${richText(content)}</th>`)}
              </tr>
            </thead>`
          : html`<tr>
              ${cells.map((content) => html`<td>${richText(content)}</td>`)}
            </tr>`,
      )}
    </table>
  </div>`;
}

const LIST_TAGS: Record<string, { open: string; close: string }> = {
  bulleted_list_item: { open: '<ul>', close: '</ul>' },
  numbered_list_item: { open: '<ol>', close: '</ol>' },
  to_do: { open: '<ul class="plain">', close: '</ul>' },
};

function blockBody(workspace: Workspace, block: Block): Markup {
  const text = richText(block.content.rich_text);
  const children = blocks(workspace, workspace.childrenOf(block.id));
  switch (block.type) {
    case 'heading_1':
    case 'heading_2':
      return html`<h2>${text}</h2>`;
    case 'heading_3':
      return html`<h3>${text}</h3>`;
    case 'code':
      return html`<pre tabindex="0"><code>${text}</code></pre>`;
    case 'quote':
    case 'callout':
      return html`<blockquote>${text}${children}</blockquote>`;
    case 'divider':
      return html`<hr />`;
    case 'bookmark':
      return html`<p>${link(String(block.content.url), String(block.content.url))}</p>`;
    case 'table':
      return tableBlock(workspace, block);
    case 'to_do':
      return html`<li>
        <span aria-label="${block.content.checked === true ? 'done' : 'to do'}" role="img"
          >${block.content.checked === true ? '☑' : '☐'}</span
        >
        ${text}${children}
      </li>`;
    case 'bulleted_list_item':
    case 'numbered_list_item':
      return html`<li>${text}${children}</li>`;
    default:
      return html`<p>${text}</p>
        ${children}`;
  }
}

/** Blocks in order; neighbouring list items become one list. */
function blocks(workspace: Workspace, list: readonly Block[]): Markup {
  return html`${list.map((block, index) => {
    const tags = LIST_TAGS[block.type];
    const opens = tags !== undefined && list[index - 1]?.type !== block.type;
    const closes = tags !== undefined && list[index + 1]?.type !== block.type;
    return html`${opens ? trusted(tags.open) : undefined}${blockBody(workspace, block)}${closes ? trusted(tags.close) : undefined}`;
  })}`;
}

/** One page with its properties and blocks. */
export function contentPage(workspace: Workspace, page: Page, baseUrl: string): string {
  const database = workspace.dataSource(page.dataSourceId);
  const name = titleOf(page);
  return frame({
    title: `${name === '' ? 'Untitled' : name} – Local Notion`,
    body: html`
      <p class="crumb">
        <a href="${baseUrl}/">Workspace</a> / <a href="${databaseUrl(database, baseUrl)}">${database.title}</a>
      </p>
      <h1>${name === '' ? 'Untitled' : name}</h1>
      ${NOTE} ${page.inTrash ? html`<p class="error">This page is in the trash.</p>` : undefined}
      <table>
        <tbody>
          ${database.properties
            .filter((schema) => schema.type !== 'title')
            .map(
              (schema) =>
                html`<tr>
                  <th scope="row">${schema.name}</th>
                  <td>${cell(workspace, page, schema, baseUrl)}</td>
                </tr>`,
            )}
        </tbody>
      </table>
      <hr />
      ${blocks(workspace, workspace.childrenOf(page.id))}
      <p class="note">Last edited by ${userName(page.editedBy) ?? page.editedBy}, ${page.editedTime}</p>
    `,
  });
}

/** What stands at an address that names nothing. */
export function missingPage(baseUrl: string): string {
  return frame({
    title: 'Not found – Local Notion',
    width: 'narrow',
    body: html`<h1>There is no such page</h1>
      <p>Go to the <a href="${baseUrl}/">workspace</a>.</p>`,
  });
}
