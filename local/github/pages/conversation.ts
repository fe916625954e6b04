/** What people said about an issue or pull request, and what checks said about a commit. */
import { html, type Markup } from '../../support/html';
import type { Hub } from '../hub';
import { latestChecks, latestStatuses } from '../present/check';
import type { IssueState } from '../state';
import { time } from './frame';
import { markdown } from './markdown';

const REVIEW_WORDS = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'asked for changes',
  COMMENTED: 'reviewed',
  DISMISSED: 'reviewed (dismissed since)',
} as const;

const EVENT_WORDS = {
  closed: 'closed this',
  reopened: 'reopened this',
  merged: 'merged this',
  head_ref_deleted: 'deleted the branch',
  review_requested: 'asked for a review by',
  review_request_removed: 'no longer asks for a review by',
  review_dismissed: 'dismissed a review',
} as const;

function card(id: string, who: string, what: string, when: string, body: string): Markup {
  return html`<article class="card" id="${id}">
    <header><strong>${who}</strong> ${what} ${time(when)}</header>
    ${body.trim() === '' ? undefined : html`<div>${markdown(body)}</div>`}
  </article>`;
}

/** Comments, reviews, comments on lines and what else happened, oldest first. */
export function conversation(hub: Hub, issue: IssueState): Markup {
  const comments = hub.state.comments
    .filter((comment) => comment.issue === issue.number)
    .map(({ id, user, createdAt, body }) => ({
      id,
      at: createdAt,
      view: card(`issuecomment-${id}`, user, 'commented', createdAt, body),
    }));
  const reviews = hub.state.reviews
    .filter((review) => review.pull === issue.number)
    .map(({ id, user, submittedAt, body, state }) => ({
      id,
      at: submittedAt,
      view: card(`pullrequestreview-${id}`, user, REVIEW_WORDS[state], submittedAt, body),
    }));
  const lines = hub.state.lineComments
    .filter((comment) => comment.pull === issue.number)
    .map(({ id, user, createdAt, body, path, line }) => ({
      id,
      at: createdAt,
      view: card(`discussion_r${id}`, user, `commented on ${path}, line ${line}`, createdAt, body),
    }));
  const events = hub.state.issueEvents
    .filter((event) => event.issue === issue.number)
    .map(({ id, event, actor, createdAt, requestedReviewer, dismissed }) => ({
      id,
      at: createdAt,
      view: html`<p class="note" id="event-${id}">
        <strong>${actor}</strong> ${EVENT_WORDS[event]} ${requestedReviewer ?? ''} ${time(createdAt)}
        ${dismissed === null ? undefined : html`<span>${dismissed.message}</span>`}
      </p>`,
    }));
  const all = [...comments, ...reviews, ...lines, ...events].sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id);
  return all.length === 0
    ? html`<p class="note">Nobody has said anything yet.</p>`
    : html`${all.map(({ view }) => view)}`;
}

function mark(outcome: string): Markup {
  if (['success', 'neutral', 'skipped'].includes(outcome)) return html`<span class="pass">✓ ${outcome}</span>`;
  if (['queued', 'in_progress', 'pending'].includes(outcome)) return html`<span>● ${outcome.replace('_', ' ')}</span>`;
  return html`<span class="fail">✕ ${outcome.replace('_', ' ')}</span>`;
}

/** The latest check runs and statuses of a commit. */
export function checksView(hub: Hub, sha: string): Markup {
  const checks = latestChecks(hub, sha).map((check) => ({
    id: `check-${check.id}`,
    name: check.name,
    outcome: check.conclusion ?? check.status,
    note: check.output.title ?? '',
  }));
  const statuses = latestStatuses(hub, sha).map((status) => ({
    id: `status-${status.id}`,
    name: status.context,
    outcome: status.state,
    note: status.description ?? '',
  }));
  const all = [...checks, ...statuses];
  if (all.length === 0) return html`<p class="note">No check has reported on this commit.</p>`;
  return html`<table>
    <tbody>
      ${all.map(
        ({ id, name, outcome, note }) =>
          html`<tr id="${id}">
            <th scope="row">${name}</th>
            <td>${mark(outcome)}</td>
            <td>${note}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
