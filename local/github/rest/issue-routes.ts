/** Issues, comments and labels. */
import { z } from 'zod';

import { notFound } from '../api-error';
import {
  addComment,
  addLabels,
  createIssue,
  createLabel,
  editComment,
  requireIssue,
  setLabels,
  updateIssue,
  type IssueChange,
} from '../operations/issues';
import { presentComment, presentIssue, presentLabel, presentLabels } from '../present/issue';
import type { CommentState, IssueState } from '../state';
import {
  created,
  noContent,
  numberParam,
  ok,
  paged,
  param,
  parseBody,
  type ApiCall,
  type Reply,
  type Route,
} from './api-call';

const LabelNames = z
  .array(z.union([z.string(), z.object({ name: z.string() })]))
  .transform((labels) => labels.map((label) => (typeof label === 'string' ? label : label.name)));
const Labels = z.union([LabelNames, z.object({ labels: LabelNames }).transform(({ labels }) => labels)]);
const NewIssue = z.object({
  title: z.string().min(1),
  body: z.string().nullish(),
  labels: LabelNames.default([]),
  assignees: z.array(z.string()).default([]),
});
const Change = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened']).nullish(),
  labels: LabelNames.optional(),
  assignees: z.array(z.string()).optional(),
});
const Comment = z.object({ body: z.string().min(1) });
const NewLabel = z.object({
  name: z.string().min(1),
  color: z
    .string()
    .regex(/^[0-9a-fA-F]{6}$/, 'color must be 6 hexadecimal digits')
    .optional(),
  description: z.string().nullish(),
});

const issueOf = (call: ApiCall): IssueState => requireIssue(call.hub, numberParam(call, 'number'));

function commentOf(call: ApiCall): CommentState {
  const id = numberParam(call, 'id');
  const comment = call.hub.state.comments.find((candidate) => candidate.id === id);
  if (comment === undefined) throw notFound();
  return comment;
}

function listIssues(call: ApiCall): Promise<Reply> {
  const state = call.query.get('state') ?? 'open';
  const labels = (call.query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const found = call.hub.state.issues
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((name) => issue.labels.includes(name)));
  return paged(call, found.reverse(), (issue) => presentIssue(call.hub, issue));
}

function postIssue(call: ApiCall): Reply {
  const { body, ...input } = parseBody(NewIssue, call.body);
  return created(presentIssue(call.hub, createIssue(call.hub, call.actor, { ...input, body: body ?? null })));
}

async function patchIssue(call: ApiCall): Promise<Reply> {
  const issue = issueOf(call);
  const { state_reason: stateReason, ...rest } = parseBody(Change, call.body);
  const given = Object.fromEntries(Object.entries({ ...rest, stateReason }).filter(([, value]) => value !== undefined));
  const change: IssueChange = given;
  await updateIssue(call.hub, call.actor, issue, change);
  return ok(presentIssue(call.hub, issue));
}

function listComments(call: ApiCall): Promise<Reply> {
  const issue = issueOf(call);
  const comments = call.hub.state.comments.filter((comment) => comment.issue === issue.number);
  return paged(call, comments, (comment) => presentComment(call.hub, comment, issue));
}

function postComment(call: ApiCall): Reply {
  const issue = issueOf(call);
  const comment = addComment(call.hub, call.actor, issue, parseBody(Comment, call.body).body);
  return created(presentComment(call.hub, comment, issue));
}

function patchComment(call: ApiCall): Reply {
  const comment = commentOf(call);
  editComment(call.hub, call.actor, comment, parseBody(Comment, call.body).body);
  return ok(presentComment(call.hub, comment, requireIssue(call.hub, comment.issue)));
}

function postLabel(call: ApiCall): Reply {
  const { name, color, description } = parseBody(NewLabel, call.body);
  const label = createLabel(call.hub, {
    name,
    ...(color === undefined ? {} : { color }),
    description: description ?? null,
  });
  return created(presentLabel(call.hub, label));
}

function changeLabels(change: (call: ApiCall, issue: IssueState) => void): (call: ApiCall) => Reply {
  return (call) => {
    const issue = issueOf(call);
    change(call, issue);
    return ok(presentLabels(call.hub, issue));
  };
}

export const issueRoutes: Route[] = [
  { method: 'GET', path: '/issues', access: 'read', handle: listIssues },
  { method: 'POST', path: '/issues', access: 'push', handle: postIssue },
  {
    method: 'GET',
    path: '/issues/comments/:id',
    access: 'read',
    handle(call) {
      const comment = commentOf(call);
      return ok(presentComment(call.hub, comment, requireIssue(call.hub, comment.issue)));
    },
  },
  { method: 'PATCH', path: '/issues/comments/:id', access: 'push', handle: patchComment },
  {
    method: 'DELETE',
    path: '/issues/comments/:id',
    access: 'push',
    handle(call) {
      const comment = commentOf(call);
      call.hub.state.comments.splice(call.hub.state.comments.indexOf(comment), 1);
      return noContent;
    },
  },
  {
    method: 'GET',
    path: '/issues/:number',
    access: 'read',
    handle: (call) => ok(presentIssue(call.hub, issueOf(call))),
  },
  { method: 'PATCH', path: '/issues/:number', access: 'push', handle: patchIssue },
  { method: 'GET', path: '/issues/:number/comments', access: 'read', handle: listComments },
  { method: 'POST', path: '/issues/:number/comments', access: 'push', handle: postComment },
  {
    method: 'GET',
    path: '/issues/:number/labels',
    access: 'read',
    handle: (call) => paged(call, presentLabels(call.hub, issueOf(call)), (label) => label),
  },
  {
    method: 'POST',
    path: '/issues/:number/labels',
    access: 'push',
    handle: changeLabels((call, issue) => addLabels(call.hub, issue, parseBody(Labels, call.body))),
  },
  {
    method: 'PUT',
    path: '/issues/:number/labels',
    access: 'push',
    handle: changeLabels((call, issue) => setLabels(call.hub, issue, parseBody(Labels, call.body))),
  },
  {
    method: 'DELETE',
    path: '/issues/:number/labels/*name',
    access: 'push',
    handle: changeLabels((call, issue) => {
      const name = param(call, 'name');
      if (!issue.labels.includes(name)) throw notFound();
      setLabels(
        call.hub,
        issue,
        issue.labels.filter((other) => other !== name),
      );
    }),
  },
  {
    method: 'GET',
    path: '/labels',
    access: 'read',
    handle: (call) => paged(call, call.hub.state.labels, (label) => presentLabel(call.hub, label)),
  },
  { method: 'POST', path: '/labels', access: 'push', handle: postLabel },
  {
    method: 'GET',
    path: '/labels/*name',
    access: 'read',
    handle(call) {
      const wanted = param(call, 'name').toLowerCase();
      const label = call.hub.state.labels.find(({ name }) => name.toLowerCase() === wanted);
      if (label === undefined) throw notFound();
      return ok(presentLabel(call.hub, label));
    },
  },
];
