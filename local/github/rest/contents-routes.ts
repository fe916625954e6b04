/** Files and folders by path: reading, and writing one file as one commit. */
import { z } from 'zod';

import { emailOf } from '../accounts';
import { ApiError, notFound, unprocessable } from '../api-error';
import { editTree } from '../git/edit-tree';
import { MODE, type TreeEntry } from '../git/object-store';
import { DEFAULT_BRANCH, type Hub } from '../hub';
import { updateRef } from '../operations/branches';
import { presentGitCommit } from '../present/commit';
import { repositoryPage, repositoryUrl } from '../present/repository';
import { findCommit, ok, parseBody, RAW, type ApiCall, type Reply, type Route } from './api-call';

const EMBEDDED_LIMIT = 1_000_000;
const PUBLISHED_TYPE = { blob: 'file', tree: 'dir', commit: 'submodule' } as const;

function presentEntry(hub: Hub, entry: TreeEntry, path: string, ref: string, size: number) {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const isFile = entry.type === 'blob';
  const self = `${repositoryUrl(hub)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${repositoryUrl(hub)}/git/${entry.type}s/${entry.oid}`;
  const html = `${repositoryPage(hub)}/${isFile ? 'blob' : 'tree'}/${ref}/${encoded}`;
  return {
    name: path.split('/').at(-1) ?? '',
    path,
    sha: entry.oid,
    size,
    url: self,
    html_url: html,
    git_url: git,
    download_url: isFile ? `${repositoryPage(hub)}/raw/${ref}/${encoded}` : null,
    type: entry.mode === MODE.link ? ('symlink' as const) : PUBLISHED_TYPE[entry.type],
    _links: { self, git, html },
  };
}

async function getContents(call: ApiCall): Promise<Reply> {
  const { hub } = call;
  const path = (call.params.path ?? '').replace(/^\/+|\/+$/g, '');
  const ref = call.query.get('ref') ?? DEFAULT_BRANCH;
  const sha = await findCommit(hub, ref);
  if (sha === undefined) throw new ApiError(404, `No commit found for the ref ${ref}`);
  const entry = await hub.objects.entryAt((await hub.objects.requireCommit(sha)).tree, path);
  if (entry === undefined) throw notFound();
  if (entry.type === 'tree') {
    const inside = (await hub.objects.tree(entry.oid)) ?? [];
    const items = inside.map(async (child) => {
      const size = child.type === 'blob' ? ((await hub.objects.blob(child.oid))?.length ?? 0) : 0;
      return presentEntry(hub, child, path === '' ? child.path : `${path}/${child.path}`, ref, size);
    });
    return ok(await Promise.all(items));
  }
  const bytes = (await hub.objects.blob(entry.oid)) ?? Buffer.alloc(0);
  if (/\braw\b/.test(call.accept)) return { status: 200, bytes: { content: bytes, type: RAW } };
  const shown = presentEntry(hub, entry, path, ref, bytes.length);
  if (shown.type === 'symlink') return ok({ ...shown, target: bytes.toString('utf8') });
  if (bytes.length > EMBEDDED_LIMIT) return ok({ ...shown, content: '', encoding: 'none' });
  const content = `${(bytes.toString('base64').match(/.{1,60}/g) ?? []).join('\n')}\n`;
  return ok({ ...shown, content, encoding: 'base64' });
}

const Person = z.object({ name: z.string(), email: z.string(), date: z.iso.datetime({ offset: true }).optional() });
const Removal = z.object({
  message: z.string(),
  sha: z.string(),
  branch: z.string().optional(),
  author: Person.optional(),
  committer: Person.optional(),
});
const Upload = Removal.extend({ content: z.string(), sha: z.string().optional() });

async function writeFile(call: ApiCall, input: z.infer<typeof Upload> | z.infer<typeof Removal>): Promise<Reply> {
  const { hub, actor } = call;
  const path = call.params.path ?? '';
  const branch = input.branch ?? DEFAULT_BRANCH;
  const parent = hub.refs.branch(branch);
  if (parent === undefined) throw new ApiError(404, `Branch ${branch} not found`);
  const base = (await hub.objects.requireCommit(parent)).tree;
  const old = await hub.objects.entryAt(base, path);
  const removing = !('content' in input);
  if (removing && old === undefined) throw notFound();
  if (old !== undefined && input.sha === undefined) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.');
  if (input.sha !== undefined && input.sha !== old?.oid) throw new ApiError(409, `${path} does not match ${input.sha}`);
  const entry = removing
    ? undefined
    : {
        mode: old?.mode ?? MODE.file,
        type: 'blob' as const,
        oid: await hub.objects.writeBlob(Buffer.from(input.content, 'base64')),
      };
  const sign = (person: z.infer<typeof Person> | undefined) => ({
    name: person?.name ?? actor.name,
    email: person?.email ?? emailOf(actor),
    date: person?.date === undefined ? hub.now() : new Date(person.date),
  });
  const author = sign(input.author);
  const commit = {
    tree: await editTree(hub.objects, base, [{ path, entry }]),
    parents: [parent],
    author,
    committer: input.committer === undefined ? author : sign(input.committer),
    message: input.message,
  };
  const sha = await hub.objects.writeCommit(commit);
  await updateRef(hub, actor, `refs/heads/${branch}`, sha, false);
  const size = entry === undefined ? 0 : ((await hub.objects.blob(entry.oid))?.length ?? 0);
  const content = entry === undefined ? null : presentEntry(hub, { ...entry, path }, path, branch, size);
  return { status: old === undefined ? 201 : 200, body: { content, commit: presentGitCommit(hub, sha, commit) } };
}

export const contentsRoutes: Route[] = [
  { method: 'GET', path: '/contents', access: 'read', handle: getContents },
  { method: 'GET', path: '/contents/', access: 'read', handle: getContents },
  { method: 'GET', path: '/contents/*path', access: 'read', handle: getContents },
  {
    method: 'PUT',
    path: '/contents/*path',
    access: 'push',
    handle: (call) => writeFile(call, parseBody(Upload, call.body)),
  },
  {
    method: 'DELETE',
    path: '/contents/*path',
    access: 'push',
    handle: (call) => writeFile(call, parseBody(Removal, { ...Object.fromEntries(call.query), ...Object(call.body) })),
  },
];
