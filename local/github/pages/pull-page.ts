/** The page of one pull request: what it says and changes, what was said about it, and the forms to act on it. */
import { html, trusted, type Markup } from '../../support/html';
import type { Hub, Pull } from '../hub';
import { baseOf, forkPoint, mergeability } from '../operations/mergeability';
import { changesBetween } from '../present/commit';
import { presentLabels } from '../present/issue';
import { checksView, conversation } from './conversation';
import { diffView } from './diff-view';
import { framed, time, type PageAnswer } from './frame';
import { statePill, stateOf } from './home-page';
import { markdown } from './markdown';

async function commitList(hub: Hub, request: Pull): Promise<Markup> {
  const commits = await hub.history.between(baseOf(hub, request), request.pull.headSha);
  const items = commits.map(async (sha) => {
    const { message, author } = await hub.objects.requireCommit(sha);
    return html`<li>
      <a href="/${hub.fullName}/commit/${sha}"><code>${sha.slice(0, 7)}</code></a> ${message.split('\n')[0]}
      <span class="note">${author.name}</span>
    </li>`;
  });
  return html`<ol class="commits">
    ${await Promise.all(items)}
  </ol>`;
}

async function mergeNote(hub: Hub, request: Pull): Promise<Markup> {
  const { pull } = request;
  if (pull.mergedAt !== null) {
    return html`<p>Merged ${pull.mergedBy === null ? '' : `by ${pull.mergedBy} `}${time(pull.mergedAt)}.</p>`;
  }
  if (request.state === 'closed') return html`<p>Closed without a merge.</p>`;
  if (pull.draft) return html`<p>This is a draft. It cannot be merged yet.</p>`;
  const { tree, conflicts } = await mergeability(hub, baseOf(hub, request), pull.headSha);
  if (tree !== undefined) return html`<p><span class="pass">✓</span> This can be merged into ${pull.baseRef}.</p>`;
  return html`<p class="fail">✕ This conflicts with ${pull.baseRef} and cannot be merged. Both changed:</p>
    <ul>
      ${conflicts.map((path) => html`<li><code>${path}</code></li>`)}
    </ul>`;
}

function button(action: string, label: string, primary = false): Markup {
  const kind = primary ? trusted(' class="primary"') : undefined;
  return html`<button type="submit" name="action" value="${action}" ${kind}>${label}</button>`;
}

function actionForm(hub: Hub, request: Pull): Markup {
  const writers = hub.accounts.whoMayPush();
  // Whoever opened it cannot approve it: the others come first.
  const people = [...writers].sort((a, b) => Number(a.login === request.user) - Number(b.login === request.user));
  const state = stateOf(request);
  return html`<form method="post" action="/${hub.fullName}/pull/${request.number}/actions">
    <input type="hidden" name="sha" value="${request.pull.headSha}" />
    <label for="actor">Act as</label>
    <select id="actor" name="actor">
      ${people.map(({ login, name }) => html`<option value="${login}">${name} (${login})</option>`)}
    </select>
    <label for="text">Comment</label>
    <textarea id="text" name="text"></textarea>
    <div class="row">
      ${button('comment', 'Comment')}
      ${
        state === 'open'
          ? [
              button('approve', 'Approve'),
              button('request-changes', 'Request changes'),
              button('merge', 'Merge', true),
              button('squash', 'Squash and merge'),
              button('close', 'Close'),
            ]
          : undefined
      }
      ${state === 'closed' ? button('reopen', 'Reopen') : undefined}
    </div>
  </form>`;
}

export async function pullPage(hub: Hub, request: Pull): Promise<PageAnswer> {
  const { pull } = request;
  const files = await changesBetween(hub, await forkPoint(hub, request), pull.headSha);
  const labels = presentLabels(hub, request);
  const reviewers = pull.requestedReviewers.join(', ');
  const body = html`<h1>${request.title} <span class="note">#${request.number}</span></h1>
    <p>
      ${statePill(request)} <strong>${request.user}</strong> wants to merge <code>${pull.headRef}</code> into
      <code>${pull.baseRef}</code>
    </p>
    ${labels.length === 0 ? undefined : html`<p>Labels: ${labels.map((label) => html`<span class="pill">${label.name}</span> `)}</p>`}
    ${reviewers === '' ? undefined : html`<p>Waiting for a review by ${reviewers}.</p>`}
    <h2>Description</h2>
    <article class="card">
      <header><strong>${request.user}</strong> opened this ${time(request.createdAt)}</header>
      <div>
        ${request.body === null || request.body === '' ? html`<p class="note">No description.</p>` : markdown(request.body)}
      </div>
    </article>
    <h2>Commits</h2>
    ${await commitList(hub, request)}
    <h2>Checks</h2>
    ${checksView(hub, pull.headSha)}
    <h2>Conversation</h2>
    ${conversation(hub, request)}
    <h2>Review and merge</h2>
    ${await mergeNote(hub, request)} ${actionForm(hub, request)}
    <h2 id="files">Files changed (${files.length})</h2>
    ${await diffView(hub, files, pull.headSha)}`;
  return framed(hub, { title: `${request.title} #${request.number}`, body });
}
