/**
 * A plan as text: the patch that `git apply` takes as it is, and the summary that people read in a terminal.
 */
import { countLines, diffFile, type LineChange } from './line-diff';
import type { CheckResult, FileChange, Place, Plan, PlanAction } from './types';

const CONTEXT = 3;

/** The whole change set, base to result, as one unified diff in Git's form; empty where nothing changes. */
export function formatPatch(plan: Pick<Plan, 'files'>): string {
  return plan.files.map(formatFile).join('');
}

/** One file's part of the patch: header lines as `git diff` prints them, then the hunks. */
export function formatFile(file: FileChange): string {
  if (file.before === file.after) return '';
  const a = quotePath(`a/${file.path}`);
  const b = quotePath(`b/${file.path}`);
  const header = [`diff --git ${a} ${b}`];
  const mode = file.executable ? '100755' : '100644';
  if (file.before === null) header.push(`new file mode ${mode}`);
  if (file.after === null) header.push(`deleted file mode ${mode}`);
  const hunks = formatHunks(diffFile(file));
  if (hunks !== '')
    header.push(`--- ${file.before === null ? '/dev/null' : a}`, `+++ ${file.after === null ? '/dev/null' : b}`);
  return `${header.join('\n')}\n${hunks}`;
}

interface Row {
  mark: ' ' | '+' | '-';
  line: string;
}

/** The hunks alone, with three lines of context; lines keep their own ends, a missing last newline is told as Git tells it. */
function formatHunks(changes: readonly LineChange[]): string {
  const marks = { same: ' ', added: '+', removed: '-' } as const;
  const rows: Row[] = changes.flatMap((change) => change.lines.map((line) => ({ mark: marks[change.kind], line })));
  let text = '';
  let oldLine = 1;
  let newLine = 1;
  let index = 0;
  while (index < rows.length) {
    if (rows[index]?.mark === ' ') {
      oldLine += 1;
      newLine += 1;
      index += 1;
      continue;
    }
    let end = index;
    // A hunk goes on as long as the next change is so near that the contexts would touch.
    for (let next = index, quiet = 0; next < rows.length && quiet <= 2 * CONTEXT; next += 1) {
      if (rows[next]?.mark === ' ') quiet += 1;
      else {
        quiet = 0;
        end = next + 1;
      }
    }
    const lead = Math.min(CONTEXT, index);
    const hunk = rows.slice(index - lead, Math.min(rows.length, end + CONTEXT));
    const oldCount = hunk.filter((row) => row.mark !== '+').length;
    const newCount = hunk.filter((row) => row.mark !== '-').length;
    text += `@@ -${position(oldLine - lead, oldCount)} +${position(newLine - lead, newCount)} @@\n`;
    for (const row of hunk)
      text += row.line.endsWith('\n')
        ? `${row.mark}${row.line}`
        : `${row.mark}${row.line}\n\\ No newline at end of file\n`;
    for (const row of rows.slice(index, end)) {
      if (row.mark !== '+') oldLine += 1;
      if (row.mark !== '-') newLine += 1;
    }
    index = end;
  }
  return text;
}

/** `start,count` as unified diffs write it: a count of 1 is left out, an empty side stands at the line before. */
function position(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? String(start) : `${start},${count}`;
}

/** The path as Git quotes it: C-style where it holds anything but plain ASCII, and where it holds a space, so that no tool cuts it there. */
function quotePath(path: string): string {
  if (/^[!#-[\]-~]+$/.test(path)) return path;
  const escapes: Record<number, string> = {
    7: 'a',
    8: 'b',
    9: 't',
    10: 'n',
    11: 'v',
    12: 'f',
    13: 'r',
    34: '"',
    92: '\\',
  };
  let quoted = '';
  for (const byte of Buffer.from(path, 'utf8')) {
    const escape = escapes[byte];
    if (escape !== undefined) quoted += `\\${escape}`;
    else if (byte < 32 || byte > 126) quoted += `\\${byte.toString(8).padStart(3, '0')}`;
    else quoted += String.fromCharCode(byte);
  }
  return `"${quoted}"`;
}

/** `path:line`, or the path alone. */
export function formatPlace(place: Partial<Place>): string {
  return `${place.path ?? ''}${place.line === undefined ? '' : `:${place.line}`}`;
}

const nothingToDo: Record<PlanAction, string> = {
  add: 'Nothing to do: the repository has this service exactly as described.',
  remove: 'Nothing to do: the repository holds nothing of this service.',
  change: 'Nothing to do: the repository has this service as the new spec describes it.',
};

/** The plan for a terminal: commits with their files and lines, then what stands in the way, what was noticed, the checks and the next steps. */
export function summarize(plan: Plan, checks: readonly (CheckResult & { durationMs: number })[]): string {
  const out: string[] = [];
  const section = (title: string, lines: string[]) => {
    if (lines.length > 0) out.push('', title, ...lines.map((line) => `  ${line}`));
  };
  if (plan.outcome === 'unchanged') out.push(nothingToDo[plan.action]);
  else {
    const total = { added: 0, removed: 0 };
    for (const file of plan.files) {
      const count = countLines(diffFile(file));
      total.added += count.added;
      total.removed += count.removed;
    }
    out.push(
      `${plural(plan.files.length, 'file')}, ${plural(total.added, 'line')} added, ${total.removed} removed, in ${plural(plan.commits.length, 'commit')}.`,
    );
  }
  plan.commits.forEach((commit, index) => {
    section(
      `${index + 1}. ${commit.subject}`,
      commit.files.map((file) => {
        const count = countLines(diffFile(file));
        const what = file.before === null ? 'new ' : file.after === null ? 'gone ' : '    ';
        return `${what}${file.path}  +${count.added}${count.removed > 0 ? ` -${count.removed}` : ''}`;
      }),
    );
  });
  section(
    'Conflicts',
    plan.conflicts.map((conflict) => `${formatPlace(conflict)}  ${conflict.message} (${conflict.field})`),
  );
  section(
    'To paste by hand',
    plan.refusals.flatMap((refusal) => [
      `${formatPlace(refusal)}  ${refusal.reason}`,
      ...(refusal.paste
        ? [
            `  under ${refusal.paste.under}:`,
            ...refusal.paste.text
              .replace(/\n$/, '')
              .split('\n')
              .map((line) => `    ${line}`),
          ]
        : []),
    ]),
  );
  section(
    'Checks',
    checks.flatMap((check) => [
      `${(check.status === 'not-run' ? 'not run' : check.status).padEnd(7)} ${duration(check)}  ${check.name}: ${check.summary}`,
      ...(check.status === 'fail' || check.status === 'warn'
        ? check.detail.split('\n').map((line) => `        ${line}`)
        : []),
    ]),
  );
  const told = (findings: Plan['findings']) => findings.map((finding) => `${formatPlace(finding)}  ${finding.message}`);
  section('Worth knowing', told(plan.findings.filter((finding) => !finding.old)));
  section('Noticed, not touched', told(plan.findings.filter((finding) => finding.old)));
  section(
    'After the merge',
    plan.followUps.flatMap((step, index) => [
      `${index + 1}. ${step.title}${step.detail ? `: ${step.detail}` : ''}`,
      ...(step.command ? [`   ${step.command}`] : []),
    ]),
  );
  out.push('', `Digest ${plan.digest}`);
  return `${out.join('\n').replace(/^\n/, '')}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `  12 ms`, so that the names stand below each other. */
function duration({ durationMs }: { durationMs: number }): string {
  return `${String(Math.round(durationMs)).padStart(5)} ms`;
}
