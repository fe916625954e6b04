/** Taking out what was added gives the base back byte for byte, and the commits lead from the base to the result without a gap. */
import { diffLines } from '../line-diff';
import { plural, verdict, type Check } from './check';

export const undoRestores: Check = {
  id: 'undo-restores',
  name: 'Undo restores every byte',
  run({ plan, tree }) {
    const faults: string[] = [];
    for (const file of plan.files) {
      const base = tree.read(file.path) ?? null;
      if (base !== file.before) faults.push(`${file.path}: the plan was made for another base.`);
      if (file.before === null) continue;
      const kept = diffLines(file.before, file.after)
        .filter((change) => change.kind === 'same')
        .flatMap((change) => change.lines)
        .join('');
      if (!sameBytes(kept, file.before)) faults.push(`${file.path}: without the addition it is not what it was.`);
    }
    faults.push(...gaps(plan));
    const edited = plan.files.filter((file) => file.before !== null).length;
    return verdict(
      faults,
      `${plural(edited, 'edited file')} back to the base byte for byte, ${plural(plan.files.length - edited, 'new file')} gone.`,
      plan.files.map((file) => file.path),
    );
  },
};

function gaps(plan: Parameters<Check['run']>[0]['plan']): string[] {
  const faults: string[] = [];
  const current = new Map(plan.files.map((file) => [file.path, file.before]));
  for (const commit of plan.commits)
    for (const file of commit.files) {
      if (current.get(file.path) !== file.before)
        faults.push(`${file.path}: commit “${commit.subject}” does not follow the one before it.`);
      current.set(file.path, file.after);
    }
  for (const file of plan.files)
    if (current.get(file.path) !== file.after) faults.push(`${file.path}: the commits do not end in the result.`);
  return faults;
}

function sameBytes(a: string, b: string): boolean {
  return Buffer.from(a, 'utf8').equals(Buffer.from(b, 'utf8'));
}
