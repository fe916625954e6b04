/**
 * The frame of the stand-ins' own pages: one document without any asset from elsewhere, light and dark, with a strict content
 * security policy. Values are escaped by the `html` tag unless they are themselves made by it.
 */
import type { ServerResponse } from 'node:http';

/** Markup that is safe to place in a page as it stands. Only `html` and `trusted` make it. */
export class Markup {
  constructor(readonly text: string) {}
}

type Piece = string | number | Markup | undefined | readonly Piece[];

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function flatten(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'string' || typeof piece === 'number') return escape(String(piece));
  return piece.map(flatten).join('');
}

/** Builds markup; every interpolated string is escaped, lists are joined, undefined is nothing. */
export function html(strings: TemplateStringsArray, ...values: Piece[]): Markup {
  return new Markup(strings.reduce((text, part, index) => text + part + flatten(values[index]), ''));
}

/** Takes markup that a library has already escaped (for example the provider's own hidden form). */
export function trusted(text: string): Markup {
  return new Markup(text);
}

const STYLE = `
:root{color-scheme:light dark;--canvas:light-dark(#f4f6f7,#090d10);--surface:light-dark(#fff,#0e1317);--sunken:light-dark(#fafbfb,#0b1013);
--line:light-dark(#e3e8ea,#1e262b);--control:light-dark(#7f8c93,#5f6c74);--ink:light-dark(#10171b,#e6ebed);--ink-2:light-dark(#414d54,#aab5bb);
--ink-3:light-dark(#5d6a71,#84919a);--accent:light-dark(#9a2371,#ec8fc6);--fill:light-dark(#9a2371,#a63280);--bad:light-dark(#b02d12,#fb8f72);
--bad-wash:light-dark(#fdf1ed,#27130e);--mono:ui-monospace,"SF Mono",Menlo,Consolas,monospace}
*{box-sizing:border-box}
html{font:400 14px/22px ui-sans-serif,system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:var(--canvas);font-variant-numeric:tabular-nums}
body{margin:0;padding:24px 16px 48px}
main{max-width:960px;margin:0 auto;background:var(--surface);border:1px solid var(--line);border-radius:6px;padding:24px;overflow-wrap:break-word}
main.wide{max-width:1600px}main.narrow{max-width:420px;margin-top:4vh}
h1{font-size:20px;line-height:28px;margin:0 0 4px}h2{font-size:15px;line-height:24px;margin:24px 0 8px}h3{font-size:14px;margin:16px 0 4px}
p{margin:0 0 12px}a{color:inherit;text-underline-offset:3px}a:hover{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.note{color:var(--ink-3);font-size:13px;line-height:20px}.crumb{font-size:13px;margin:0 0 12px;color:var(--ink-3)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-top:1px solid var(--line)}thead th{border-top:0;color:var(--ink-3);font-weight:500}
tbody th{font-weight:500;color:var(--ink-2);white-space:nowrap}
code,pre,.mono{font-family:var(--mono);font-size:12px}pre{background:var(--sunken);border:1px solid var(--line);border-radius:4px;padding:8px 12px;overflow-x:auto;margin:0 0 12px}
.pill{display:inline-block;border:1px solid var(--control);border-radius:4px;padding:0 6px;font-size:12px;line-height:18px;white-space:nowrap}
.scroll td{max-width:280px;padding-right:16px}.scroll td:first-child{min-width:220px}.scroll th{white-space:nowrap;padding-right:16px}
label{display:block;font-weight:500;margin:12px 0 4px}
input[type=text],input[type=password]{font:inherit;width:100%;height:32px;padding:0 8px;color:var(--ink);background:var(--sunken);border:1px solid var(--control);border-radius:4px}
button{font:inherit;font-weight:500;height:32px;padding:0 12px;border-radius:4px;border:1px solid var(--control);background:var(--surface);color:var(--ink);cursor:pointer}
button.primary{background:var(--fill);border-color:var(--fill);color:#fff}
.row{display:flex;gap:8px;flex-wrap:wrap;margin-top:16px}.error{color:var(--bad);background:var(--bad-wash);border:1px solid;border-radius:4px;padding:6px 12px}
ul.accounts{list-style:none;padding:0;margin:0}ul.accounts li{display:flex;align-items:center;gap:12px;justify-content:space-between;padding:8px 0;border-top:1px solid var(--line)}
ul.plain{list-style:none;padding-left:4px}blockquote{margin:0 0 12px;padding-left:12px;border-left:2px solid var(--control);color:var(--ink-2)}hr{border:0;border-top:1px solid var(--line)}
`;

/** A whole page. `narrow` is for a single form, `wide` for tables; `script` is inline text allowed by its nonce. */
export function page(content: {
  title: string;
  body: Markup;
  width?: 'narrow' | 'wide';
  script?: { text: string; nonce: string };
}): string {
  const { title, body, width, script } = content;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <main class="${width}">${body}</main>
        ${script === undefined ? undefined : trusted(`<script nonce="${escape(script.nonce)}">${script.text}</script>`)}
      </body>
    </html>`.text;
}

/** The headers of such a page. `formTargets` are origins that a form may be redirected to, beside the page's own. */
export function pageHeaders(options: { nonce?: string; formTargets?: readonly string[] } = {}): Record<string, string> {
  const script = options.nonce === undefined ? "'none'" : `'nonce-${options.nonce}'`;
  const targets = ["'self'", ...(options.formTargets ?? [])].join(' ');
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${script}; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** Answers with a page. */
export function sendPage(response: ServerResponse, status: number, text: string, headers = pageHeaders()): void {
  response.writeHead(status, headers).end(text);
}
