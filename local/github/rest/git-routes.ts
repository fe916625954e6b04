/** The Git database: refs, blobs, trees and commits. */
import { z } from 'zod';

import { emailOf } from '../accounts';
import { ApiError, notFound, unprocessable } from '../api-error';
import { editTree, NothingToRemoveError, type TreeChange } from '../git/edit-tree';
import type { Signature } from '../git/commit-object';
import { createRef, deleteRef, updateRef } from '../operations/branches';
import { presentGitCommit, presentRef, presentTree } from '../present/commit';
import { repositoryUrl } from '../present/repository';
import { nodeId } from '../present/user';
import {
  created,
  findCommit,
  noContent,
  ok,
  paged,
  param,
  parseBody,
  RAW,
  type ApiCall,
  type Reply,
  type Route,
} from './api-call';

const NewRef = z.object({ ref: z.string(), sha: z.string() });
const MovedRef = z.object({ sha: z.string(), force: z.boolean().default(false) });
const NewBlob = z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') });
const NewTree = z.object({
  base_tree: z.string().nullish(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']).optional(),
      type: z.enum(['blob', 'tree', 'commit']).optional(),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});
const Person = z.object({ name: z.string(), email: z.string(), date: z.iso.datetime({ offset: true }).optional() });
const NewCommit = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: Person.optional(),
  committer: Person.optional(),
});

async function getRef(call: ApiCall): Promise<Reply> {
  const name = `refs/${param(call, 'ref')}`;
  const sha = call.hub.refs.get(name);
  if (sha === undefined) throw notFound();
  return ok(await presentRef(call.hub, name, sha));
}

function matchingRefs(call: ApiCall): Promise<Reply> {
  const refs = call.hub.refs
    .list(`refs/${call.params.ref ?? ''}`)
    .filter(({ name }) => /^refs\/(heads|tags)\//.test(name));
  return paged(call, refs, ({ name, oid }) => presentRef(call.hub, name, oid));
}

async function postRef(call: ApiCall): Promise<Reply> {
  const { ref, sha } = parseBody(NewRef, call.body);
  await createRef(call.hub, call.actor, ref, sha);
  return created(await presentRef(call.hub, ref, sha));
}

async function patchRef(call: ApiCall): Promise<Reply> {
  const { sha, force } = parseBody(MovedRef, call.body);
  const name = `refs/${param(call, 'ref')}`;
  await updateRef(call.hub, call.actor, name, sha, force);
  return ok(await presentRef(call.hub, name, sha));
}

async function postBlob(call: ApiCall): Promise<Reply> {
  const { content, encoding } = parseBody(NewBlob, call.body);
  const sha = await call.hub.objects.writeBlob(Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'));
  return created({ sha, url: `${repositoryUrl(call.hub)}/git/blobs/${sha}` });
}

async function getBlob(call: ApiCall): Promise<Reply> {
  const sha = param(call, 'sha');
  const bytes = await call.hub.objects.blob(sha);
  if (bytes === undefined) throw notFound();
  if (/\braw\b/.test(call.accept)) return { status: 200, bytes: { content: bytes, type: RAW } };
  const url = `${repositoryUrl(call.hub)}/git/blobs/${sha}`;
  const content = `${(bytes.toString('base64').match(/.{1,60}/g) ?? []).join('\n')}\n`;
  return ok({ sha, node_id: nodeId('Blob', sha), size: bytes.length, url, content, encoding: 'base64' });
}

function isTreePath(path: string): boolean {
  return path.split('/').every((part) => !['', '.', '..', '.git'].includes(part.toLowerCase()) && !part.includes('\0'));
}

type NewTreeEntry = z.infer<typeof NewTree>['tree'][number];

async function treeChange(call: ApiCall, entry: NewTreeEntry): Promise<TreeChange> {
  const { objects } = call.hub;
  if (!isTreePath(entry.path)) throw unprocessable('tree.path contains a malformed path component');
  if (entry.sha === null) return { path: entry.path, entry: undefined };
  if (entry.mode === undefined) throw unprocessable('Must supply a valid tree.mode');
  if (entry.content !== undefined) {
    const oid = await objects.writeBlob(Buffer.from(entry.content, 'utf8'));
    return { path: entry.path, entry: { mode: entry.mode, type: 'blob', oid } };
  }
  if (entry.sha === undefined) throw unprocessable('Must supply either tree.sha or tree.content');
  const type = entry.mode === '040000' ? 'tree' : entry.mode === '160000' ? 'commit' : 'blob';
  if (type !== 'commit' && (await objects.type(entry.sha)) !== type) {
    throw unprocessable(`tree.sha ${entry.sha} is not a valid ${type}`);
  }
  return { path: entry.path, entry: { mode: entry.mode, type, oid: entry.sha } };
}

async function treeOf(call: ApiCall, name: string): Promise<string | undefined> {
  if ((await call.hub.objects.type(name)) === 'tree') return name;
  const commit = await findCommit(call.hub, name);
  return commit === undefined ? undefined : (await call.hub.objects.commit(commit))?.tree;
}

async function postTree(call: ApiCall): Promise<Reply> {
  const input = parseBody(NewTree, call.body);
  if (input.tree.length === 0) throw unprocessable('Invalid tree info');
  const base = input.base_tree == null ? undefined : await treeOf(call, input.base_tree);
  if (input.base_tree != null && base === undefined) throw notFound();
  const changes = await Promise.all(input.tree.map((entry) => treeChange(call, entry)));
  try {
    const sha = await editTree(call.hub.objects, base, changes);
    return created(await presentTree(call.hub, sha, false, call.limits.treeEntries));
  } catch (error) {
    if (error instanceof NothingToRemoveError) throw unprocessable('GitRPC::BadObjectState');
    throw error;
  }
}

async function getTree(call: ApiCall): Promise<Reply> {
  const sha = await treeOf(call, param(call, 'sha'));
  if (sha === undefined) throw notFound();
  return ok(await presentTree(call.hub, sha, call.query.has('recursive'), call.limits.treeEntries));
}

async function postCommit(call: ApiCall): Promise<Reply> {
  const { hub, actor } = call;
  const input = parseBody(NewCommit, call.body);
  if ((await hub.objects.type(input.tree)) !== 'tree') throw unprocessable('Tree SHA does not exist');
  for (const parent of input.parents) {
    if ((await hub.objects.type(parent)) !== 'commit') {
      throw unprocessable('Parent SHA does not exist or is not a commit object');
    }
  }
  const sign = (person: z.infer<typeof Person> | undefined): Signature => ({
    name: person?.name ?? actor.name,
    email: person?.email ?? emailOf(actor),
    date: person?.date === undefined ? hub.now() : new Date(person.date),
  });
  const author = sign(input.author);
  const committer = input.committer === undefined ? author : sign(input.committer);
  const commit = { tree: input.tree, parents: input.parents, author, committer, message: input.message };
  const sha = await hub.objects.writeCommit(commit);
  return created(presentGitCommit(hub, sha, await hub.objects.requireCommit(sha)));
}

async function getCommit(call: ApiCall): Promise<Reply> {
  const sha = param(call, 'sha');
  const commit = await call.hub.objects.commit(sha);
  if (commit === undefined) throw new ApiError(404, 'Not Found');
  return ok(presentGitCommit(call.hub, sha, commit));
}

export const gitRoutes: Route[] = [
  { method: 'GET', path: '/git/ref/*ref', access: 'read', handle: getRef },
  { method: 'GET', path: '/git/matching-refs/*ref', access: 'read', handle: matchingRefs },
  { method: 'GET', path: '/git/refs', access: 'read', handle: matchingRefs },
  { method: 'POST', path: '/git/refs', access: 'push', handle: postRef },
  { method: 'PATCH', path: '/git/refs/*ref', access: 'push', handle: patchRef },
  {
    method: 'DELETE',
    path: '/git/refs/*ref',
    access: 'push',
    async handle(call) {
      await deleteRef(call.hub, call.actor, `refs/${param(call, 'ref')}`);
      return noContent;
    },
  },
  { method: 'POST', path: '/git/blobs', access: 'push', unlocked: true, handle: postBlob },
  { method: 'GET', path: '/git/blobs/:sha', access: 'read', handle: getBlob },
  { method: 'POST', path: '/git/trees', access: 'push', unlocked: true, handle: postTree },
  { method: 'GET', path: '/git/trees/*sha', access: 'read', handle: getTree },
  { method: 'POST', path: '/git/commits', access: 'push', unlocked: true, handle: postCommit },
  { method: 'GET', path: '/git/commits/:sha', access: 'read', handle: getCommit },
];
