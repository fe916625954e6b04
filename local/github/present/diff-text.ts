/** A whole diff as text, in Git's extended format: what `.diff` and the diff media type answer with. */
import { fileDifference, type ChangedFile } from '../git/changed-files';
import type { Hub } from '../hub';

async function fileText(hub: Hub, file: ChangedFile): Promise<string> {
  const { before, after, path } = file;
  const { patch } = await fileDifference(hub.objects, file);
  const index = `${before?.oid ?? '0'.repeat(40)}..${after?.oid ?? '0'.repeat(40)}`;
  const sameMode = before !== undefined && after !== undefined && before.mode === after.mode;
  const header = [`diff --git a/${path} b/${path}`];
  if (before === undefined && after !== undefined) header.push(`new file mode ${after.mode}`);
  if (after === undefined && before !== undefined) header.push(`deleted file mode ${before.mode}`);
  if (before !== undefined && after !== undefined && !sameMode)
    header.push(`old mode ${before.mode}`, `new mode ${after.mode}`);
  if (before?.oid !== after?.oid) header.push(`index ${index}${sameMode ? ` ${after.mode}` : ''}`);
  const names = [before === undefined ? '/dev/null' : `a/${path}`, after === undefined ? '/dev/null' : `b/${path}`];
  if (patch !== undefined && patch !== '') header.push(`--- ${names[0]}`, `+++ ${names[1]}`, patch);
  else if (before?.oid !== after?.oid) header.push(`Binary files ${names[0]} and ${names[1]} differ`);
  return `${header.join('\n')}\n`;
}

/** The diff of these files. */
export async function diffText(hub: Hub, files: readonly ChangedFile[]): Promise<Buffer> {
  return Buffer.from((await Promise.all(files.map((file) => fileText(hub, file)))).join(''), 'utf8');
}
