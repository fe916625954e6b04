/** What all pages of this GitHub share: the frame, the note that it is a stand-in, and the way to the repository. */
import { html, page, pageHeaders, trusted, type Markup } from '../../support/html';
import type { Hub } from '../hub';

export interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  content: Buffer;
}

// With `no-referrer` browsers would send `Origin: null` with the forms, and nothing would tell our own from another site's.
const HEADERS = { ...pageHeaders(), 'referrer-policy': 'same-origin' };

const STYLE = `
.state{font-weight:500}.state.open{color:light-dark(#176b44,#62c796);border-color:currentColor}
.state.merged{color:var(--accent);border-color:currentColor}.state.closed,.fail{color:var(--bad);border-color:currentColor}.pass{color:light-dark(#176b44,#62c796)}
.card{border:1px solid var(--line);border-radius:4px;margin:0 0 12px}.card>header{background:var(--sunken);border-bottom:1px solid var(--line);padding:4px 12px;font-size:13px;color:var(--ink-2)}
.card>div{padding:8px 12px;overflow-wrap:anywhere}.card>div>:last-child{margin-bottom:0}
details.fold{margin:0 0 8px}details.fold>summary{cursor:pointer;padding:2px 0}.card td,.card th{overflow-wrap:break-word}
details.file{border:1px solid var(--line);border-radius:4px;margin:0 0 12px}details.file>p{padding:4px 12px;margin:0}details.file>summary{padding:6px 12px;background:var(--sunken);cursor:pointer;overflow-wrap:anywhere}
table.diff{font:12px/20px var(--mono);width:100%}table.diff td{border:0;padding:0 8px;white-space:pre;tab-size:4}table.diff td.n{color:var(--ink-3);text-align:right;user-select:none;width:1%}
table.diff tr.add{background:light-dark(#f0f8f3,#0d1b16)}table.diff tr.del{background:light-dark(#fdf1ed,#27130e)}table.diff tr.hunk{background:var(--sunken);color:var(--ink-3)}
textarea,select{font:inherit;color:var(--ink);background:var(--sunken);border:1px solid var(--control);border-radius:4px;padding:4px 8px}textarea{width:100%;min-height:96px}select{height:32px}
button[disabled]{opacity:.5;cursor:not-allowed}ol.commits{list-style:none;padding:0;margin:0}ol.commits li{padding:6px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
main{max-width:1080px}.sideways{overflow-x:auto}pre.source{white-space:pre;tab-size:4}
`;

/** A whole page as an answer. */
export function framed(hub: Hub, content: { title: string; body: Markup; status?: number }): PageAnswer {
  const body = html`<style>
      ${trusted(STYLE)}
    </style>
    <p class="note">
      This is a local stand-in for GitHub on this machine. It holds the one repository of a local Slipway; nothing here
      reaches github.com.
    </p>
    <p class="crumb"><a href="/${hub.fullName}">${hub.fullName}</a></p>
    ${content.body}`;
  const text = page({ title: `${content.title} · ${hub.fullName}`, body });
  return { status: content.status ?? 200, headers: HEADERS, content: Buffer.from(text, 'utf8') };
}

/** A page that says why something was refused, with the way back. */
export function refusalPage(hub: Hub, status: number, message: string, back: string): PageAnswer {
  const body = html`<h1>That did not work</h1>
    <p class="error" role="alert">${message}</p>
    <p><a href="${back}">Back</a></p>`;
  return framed(hub, { title: 'Refused', body, status });
}

/** Sends the browser on, after a form. */
export function redirect(to: string): PageAnswer {
  return { status: 303, headers: { location: to, 'cache-control': 'no-store' }, content: Buffer.alloc(0) };
}

/** A time as people read it, exact for programs. */
export function time(iso: string): Markup {
  return html`<time datetime="${iso}">${iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`;
}
