/** The repository's first page: its pull requests, open ones first. */
import { html, type Markup } from '../../support/html';
import type { Hub, Pull } from '../hub';
import { framed, time, type PageAnswer } from './frame';

/** open, closed or merged, as people say it. */
export function stateOf(request: Pull): 'open' | 'closed' | 'merged' {
  return request.pull.mergedAt !== null ? 'merged' : request.state;
}

export function statePill(request: Pull): Markup {
  const state = stateOf(request);
  return html`<span class="pill state ${state}">${state}</span>`;
}

function row(hub: Hub, request: Pull): Markup {
  return html`<tr>
    <td>${statePill(request)}</td>
    <td><a href="/${hub.fullName}/pull/${request.number}">${request.title}</a></td>
    <td>#${request.number}</td>
    <td>${request.user}</td>
    <td>${time(request.updatedAt)}</td>
  </tr>`;
}

export function homePage(hub: Hub): PageAnswer {
  const newestFirst = hub.pulls().reverse();
  const open = newestFirst.filter((request) => request.state === 'open');
  const sorted = [...open, ...newestFirst.filter((request) => request.state === 'closed')];
  const body = html`<h1>${hub.fullName}</h1>
    <p>
      ${open.length} open pull ${open.length === 1 ? 'request' : 'requests'}.
      <a href="/${hub.fullName}/tree/main">Files on main</a>
    </p>
    ${
      sorted.length === 0
        ? html`<p>There are no pull requests yet. The portal opens the first one.</p>`
        : html`<div class="sideways">
            <table>
              <thead>
                <tr>
                  <th scope="col">State</th>
                  <th scope="col">Title</th>
                  <th scope="col">Number</th>
                  <th scope="col">Author</th>
                  <th scope="col">Updated</th>
                </tr>
              </thead>
              <tbody>
                ${sorted.map((request) => row(hub, request))}
              </tbody>
            </table>
          </div>`
    }`;
  return framed(hub, { title: 'Pull requests', body });
}
