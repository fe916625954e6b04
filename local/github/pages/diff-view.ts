/** File differences as people read them. */
import { html, type Markup } from '../../support/html';
import { fileDifference, type ChangedFile } from '../git/changed-files';
import type { Hub } from '../hub';

const OPEN_FILES = 30;

function diffRows(patch: string): Markup[] {
  let before = 0;
  let after = 0;
  return patch.split('\n').map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      return html`<tr class="hunk">
        <td class="n"></td>
        <td class="n"></td>
        <td>${line}</td>
      </tr>`;
    }
    const sign = line.charAt(0);
    if (sign === '\\')
      return html`<tr class="hunk">
        <td class="n"></td>
        <td class="n"></td>
        <td>${line}</td>
      </tr>`;
    const [old, now] = [sign === '+' ? '' : String(before++), sign === '-' ? '' : String(after++)];
    const kind = sign === '+' ? 'add' : sign === '-' ? 'del' : 'same';
    return html`<tr class="${kind}">
      <td class="n">${old}</td>
      <td class="n">${now}</td>
      <td>${line}</td>
    </tr>`;
  });
}

async function fileView(hub: Hub, file: ChangedFile, ref: string, open: boolean): Promise<Markup> {
  const { additions, deletions, patch } = await fileDifference(hub.objects, file);
  const modes = file.before !== undefined && file.after !== undefined && file.before.mode !== file.after.mode;
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const summary = html`<summary>
    <code>${file.path}</code> <span class="note">${file.status}</span> <span class="pass">+${additions}</span>
    <span class="fail">−${deletions}</span>
    ${modes ? html`<span class="note">mode ${file.before?.mode} → ${file.after?.mode}</span>` : undefined}
  </summary>`;
  const body =
    patch === undefined || patch === ''
      ? html`<p class="note">No text to compare: a binary file, a very large one, or an unchanged content.</p>`
      : html`<div class="sideways" tabindex="0" role="region" aria-label="Changes in ${file.path}">
          <table class="diff">
            <tbody>
              ${diffRows(patch)}
            </tbody>
          </table>
        </div>`;
  const link =
    file.after === undefined
      ? undefined
      : html`<p class="note"><a href="/${hub.fullName}/blob/${ref}/${path}">Whole file</a></p>`;
  const content = html`${summary}${body}${link}`;
  return open
    ? html`<details class="file" open>${content}</details>`
    : html`<details class="file">${content}</details>`;
}

/** All changed files, the first ones unfolded. `ref` is the commit that holds them afterwards. */
export async function diffView(hub: Hub, files: readonly ChangedFile[], ref: string): Promise<Markup> {
  const views = await Promise.all(files.map((file, index) => fileView(hub, file, ref, index < OPEN_FILES)));
  return html`${views}`;
}
