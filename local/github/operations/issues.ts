/** Issues, labels and comments; a pull request is an issue too. */
import type { GitHubAccount } from '../accounts';
import { notFound, validationFailed } from '../api-error';
import { isPull, type Hub } from '../hub';
import { presentComment, presentIssue } from '../present/issue';
import type { CommentState, IssueState, LabelState } from '../state';
import { announce } from './announce';
import { updatePull } from './pulls';

/** An issue or pull request by its number. @throws {ApiError} 404 */
export function requireIssue(hub: Hub, number: number): IssueState {
  const issue = hub.issue(number);
  if (issue === undefined) throw notFound();
  return issue;
}

/** Makes a label. @throws {ApiError} 422 where the name is taken. */
export function createLabel(
  hub: Hub,
  input: { name: string; color?: string; description?: string | null },
): LabelState {
  if (hub.state.labels.some((label) => label.name.toLowerCase() === input.name.toLowerCase())) {
    throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' });
  }
  const label = {
    id: hub.nextId(),
    name: input.name,
    color: input.color ?? 'ededed',
    description: input.description ?? null,
    default: false,
  };
  hub.state.labels.push(label);
  return label;
}

/** The stored names of labels, made where they are missing, as GitHub does. */
function ensureLabels(hub: Hub, names: readonly string[]): string[] {
  return names.map((name) => {
    const known = hub.state.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
    return (known ?? createLabel(hub, { name })).name;
  });
}

export function addLabels(hub: Hub, issue: IssueState, names: readonly string[]): void {
  setLabels(hub, issue, [...issue.labels, ...ensureLabels(hub, names)]);
}

/** Replaces an issue's labels. */
export function setLabels(hub: Hub, issue: IssueState, names: readonly string[]): void {
  issue.labels = [...new Set(ensureLabels(hub, names))];
  issue.updatedAt = hub.timestamp();
}

export interface NewIssue {
  title: string;
  body: string | null;
  labels: readonly string[];
  assignees: readonly string[];
}

export function createIssue(hub: Hub, actor: GitHubAccount, input: NewIssue): IssueState {
  const now = hub.timestamp();
  const issue: IssueState = {
    id: hub.nextId(),
    number: hub.nextNumber(),
    title: input.title,
    body: input.body,
    state: 'open',
    stateReason: null,
    user: actor.login,
    labels: [...new Set(ensureLabels(hub, input.labels))],
    assignees: [...input.assignees],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    pull: null,
  };
  hub.state.issues.push(issue);
  announce(hub, actor, 'issues', 'opened', { issue: presentIssue(hub, issue) });
  return issue;
}

export interface IssueChange {
  title?: string;
  body?: string | null;
  state?: 'open' | 'closed';
  stateReason?: 'completed' | 'not_planned' | 'reopened' | null;
  labels?: readonly string[];
  assignees?: readonly string[];
}

/** Changes an issue; for a pull request, title, body and state follow its own rules. @throws {ApiError} */
export async function updateIssue(
  hub: Hub,
  actor: GitHubAccount,
  issue: IssueState,
  change: IssueChange,
): Promise<void> {
  if (change.labels !== undefined) setLabels(hub, issue, change.labels);
  if (change.assignees !== undefined) issue.assignees = [...change.assignees];
  const { title, body, state } = change;
  if (isPull(issue)) {
    await updatePull(hub, actor, issue, {
      ...(title === undefined ? {} : { title }),
      ...(body === undefined ? {} : { body }),
      ...(state === undefined ? {} : { state }),
    });
    return;
  }
  if (title !== undefined) issue.title = title;
  if (body !== undefined) issue.body = body;
  issue.updatedAt = hub.timestamp();
  if (state === undefined || state === issue.state) return;
  issue.state = state;
  issue.stateReason = change.stateReason ?? (state === 'closed' ? 'completed' : 'reopened');
  issue.closedAt = state === 'closed' ? issue.updatedAt : null;
  announce(hub, actor, 'issues', state === 'closed' ? 'closed' : 'reopened', { issue: presentIssue(hub, issue) });
}

export function addComment(hub: Hub, actor: GitHubAccount, issue: IssueState, body: string): CommentState {
  const now = hub.timestamp();
  const comment = { id: hub.nextId(), issue: issue.number, user: actor.login, body, createdAt: now, updatedAt: now };
  hub.state.comments.push(comment);
  issue.updatedAt = now;
  const content = { issue: presentIssue(hub, issue), comment: presentComment(hub, comment, issue) };
  announce(hub, actor, 'issue_comment', 'created', content);
  return comment;
}

export function editComment(hub: Hub, actor: GitHubAccount, comment: CommentState, body: string): void {
  const issue = requireIssue(hub, comment.issue);
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = hub.timestamp();
  const content = { changes, issue: presentIssue(hub, issue), comment: presentComment(hub, comment, issue) };
  announce(hub, actor, 'issue_comment', 'edited', content);
}
