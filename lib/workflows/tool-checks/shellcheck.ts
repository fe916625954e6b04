/** shellcheck on every script that the change touches, before and after: what it finds newly stands in the way. */
import { findShellcheck, shellFindings, type ShellFinding } from '@/lib/adapters/tools/shellcheck';
import type { CheckInput } from '@/lib/generator/checks/check';
import { diffLines } from '@/lib/generator/line-diff';
import type { FileChange } from '@/lib/generator/types';
import { judged, notConcerned, notRun, plural, type Runner, type ToolVerdict } from './tool-check';

export const shellcheckName = { id: 'shellcheck', name: 'shellcheck' };

export async function judgeScripts({ plan }: CheckInput, run: Runner): Promise<ToolVerdict> {
  const scripts = plan.files.filter(
    (file): file is FileChange & { after: string } => file.after !== null && isScript(file),
  );
  if (scripts.length === 0) return notConcerned('No shell script is touched.');
  const tool = await findShellcheck();
  if (tool.kind === 'absent') return notRun(tool.how);
  const findings = await Promise.all(
    scripts.map(async ({ path, before, after }) => {
      const [old, found] = await Promise.all([
        before === null ? [] : run(() => shellFindings(tool, before)),
        run(() => shellFindings(tool, after)),
      ]);
      return { path, ...compareFindings(old, found, addedLines(before ?? '', after)) };
    }),
  );
  return judged({
    faults: findings.flatMap(({ path, added }) => added.map((one) => describe(path, one))),
    // Old findings are the script's own: told in the detail, and no reason to warn at every change.
    old: [],
    unjudged: [],
    seen: findings.flatMap(({ path, kept }) => [
      `${path}: looked at`,
      ...kept.map((one) => `There before the change: ${describe(path, one)}`),
    ]),
    passed: `shellcheck ${tool.version} finds nothing new in ${plural(scripts.length, 'script')}.`,
  });
}

function isScript({ path, after }: FileChange): boolean {
  return /\.(?:ba|da|k)?sh$/i.test(path) || /^#!.*\b(?:ba|da|k)?sh\b/.test(after ?? '');
}

/** Compared by rule and words, since every line below an addition has moved; of equal ones those on added lines are the new ones. */
export function compareFindings(
  old: readonly ShellFinding[],
  found: readonly ShellFinding[],
  added: ReadonlySet<number>,
): { added: ShellFinding[]; kept: ShellFinding[] } {
  const key = (one: ShellFinding) => `${one.code} ${one.message}`;
  const known = new Map<string, number>();
  for (const one of old) known.set(key(one), (known.get(key(one)) ?? 0) + 1);
  const kept: ShellFinding[] = [];
  const fresh: ShellFinding[] = [];
  for (const one of [...found].sort((a, b) => Number(added.has(a.line)) - Number(added.has(b.line)))) {
    const left = known.get(key(one)) ?? 0;
    known.set(key(one), left - 1);
    (left > 0 ? kept : fresh).push(one);
  }
  return { added: fresh, kept };
}

/** Numbers of the lines that the change adds, as they stand after it. */
function addedLines(before: string, after: string): Set<number> {
  const lines = new Set<number>();
  let number = 0;
  for (const change of diffLines(before, after)) {
    if (change.kind === 'removed') continue;
    for (let index = 0; index < change.lines.length; index += 1) {
      number += 1;
      if (change.kind === 'added') lines.add(number);
    }
  }
  return lines;
}

function describe(path: string, { line, level, code, message }: ShellFinding): string {
  return `${path}:${line}: ${message} (SC${code}, ${level})`;
}
