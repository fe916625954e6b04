/** Files, folders, commits and issues to look at; nothing can be changed here. */
import { html, type Markup } from '../../support/html';
import { isBinary } from '../git/line-changes';
import type { TreeEntry } from '../git/object-store';
import type { Hub } from '../hub';
import { changesBetween } from '../present/commit';
import { findCommit } from '../rest/api-call';
import type { IssueState } from '../state';
import { checksView, conversation } from './conversation';
import { diffView } from './diff-view';
import { framed, time, type PageAnswer } from './frame';
import { isoOf } from '../hub';
import { markdown } from './markdown';

export interface Place {
  ref: string;
  sha: string;
  path: string;
  entry: TreeEntry;
}

/** Splits `REF/path`, where the ref may itself have slashes. Undefined where nothing is there. */
export async function findPlace(hub: Hub, refAndPath: string): Promise<Place | undefined> {
  const parts = refAndPath.split('/').filter((part) => part !== '');
  for (let count = 1; count <= parts.length; count += 1) {
    const ref = parts.slice(0, count).join('/');
    const sha = await findCommit(hub, ref);
    if (sha === undefined) continue;
    const path = parts.slice(count).join('/');
    const entry = await hub.objects.entryAt((await hub.objects.requireCommit(sha)).tree, path);
    return entry === undefined ? undefined : { ref, sha, path, entry };
  }
  return undefined;
}

const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');

function trail(hub: Hub, { ref, path }: Place): Markup {
  const parts = path.split('/').filter((part) => part !== '');
  const folders = parts.slice(0, -1).map((name, index) => {
    const to = encoded(parts.slice(0, index + 1).join('/'));
    return html`<a href="/${hub.fullName}/tree/${ref}/${to}">${name}</a> / `;
  });
  return html`<p class="mono"><a href="/${hub.fullName}/tree/${ref}">${ref}</a> / ${folders}${parts.at(-1) ?? ''}</p>`;
}

export async function treePage(hub: Hub, place: Place): Promise<PageAnswer> {
  const entries = [...((await hub.objects.tree(place.entry.oid)) ?? [])];
  entries.sort((a, b) => Number(b.type === 'tree') - Number(a.type === 'tree') || (a.path < b.path ? -1 : 1));
  const prefix = place.path === '' ? '' : `${encoded(place.path)}/`;
  const body = html`<h1>${place.path === '' ? `Files on ${place.ref}` : place.path}</h1>
    ${trail(hub, place)}
    <ul class="plain mono">
      ${entries.map((entry) => {
        const kind = entry.type === 'tree' ? 'tree' : 'blob';
        const name = `${entry.path}${entry.type === 'tree' ? '/' : ''}`;
        return html`<li>
          <a href="/${hub.fullName}/${kind}/${place.ref}/${prefix}${encodeURIComponent(entry.path)}">${name}</a>
        </li>`;
      })}
    </ul>`;
  return framed(hub, { title: place.path === '' ? place.ref : place.path, body });
}

export async function blobPage(hub: Hub, place: Place): Promise<PageAnswer> {
  const bytes = (await hub.objects.blob(place.entry.oid)) ?? Buffer.alloc(0);
  const executable = place.entry.mode === '100755' ? ', executable' : '';
  const body = html`<h1>${place.path.split('/').at(-1) ?? ''}</h1>
    ${trail(hub, place)}
    <p class="note">
      ${bytes.length} bytes${executable}. <a href="/${hub.fullName}/raw/${place.ref}/${encoded(place.path)}">Raw</a>
    </p>
    ${
      isBinary(bytes)
        ? html`<p>This is a binary file.</p>`
        : html`<pre class="source" tabindex="0" aria-label="Content of ${place.path}">${bytes.toString('utf8')}</pre>`
    }`;
  return framed(hub, { title: place.path, body });
}

/** The file's bytes as plain text, so that a browser never runs them. */
export async function rawFile(hub: Hub, place: Place): Promise<PageAnswer> {
  const content = (await hub.objects.blob(place.entry.oid)) ?? Buffer.alloc(0);
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  return { status: 200, headers, content };
}

export async function commitPage(hub: Hub, sha: string): Promise<PageAnswer> {
  const commit = await hub.objects.requireCommit(sha);
  const [subject = '', ...rest] = commit.message.split('\n');
  const files = await changesBetween(hub, commit.parents[0], sha);
  const body = html`<h1>${subject}</h1>
    <p class="note">${commit.author.name} ${time(isoOf(commit.author.date))} <code>${sha}</code></p>
    ${rest.join('\n').trim() === '' ? undefined : html`<pre>${rest.join('\n').trim()}</pre>`}
    <p>
      ${commit.parents.map((parent) => html`Parent <a href="/${hub.fullName}/commit/${parent}"><code>${parent.slice(0, 7)}</code></a> `)}
      <a href="/${hub.fullName}/tree/${sha}">Files</a>
    </p>
    <h2>Checks</h2>
    ${checksView(hub, sha)}
    <h2>Files changed (${files.length})</h2>
    ${await diffView(hub, files, sha)}`;
  return framed(hub, { title: subject, body });
}

export function issuePage(hub: Hub, issue: IssueState): PageAnswer {
  const body = html`<h1>${issue.title} <span class="note">#${issue.number}</span></h1>
    <p>
      <span class="pill state ${issue.state}">${issue.state}</span> opened by
      <strong>${issue.user}</strong> ${time(issue.createdAt)}
    </p>
    <article class="card"><div>${markdown(issue.body ?? '')}</div></article>
    <h2>Conversation</h2>
    ${conversation(hub, issue)}`;
  return framed(hub, { title: `${issue.title} #${issue.number}`, body });
}
