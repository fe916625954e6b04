/** The patch taken back gives the base byte for byte, and the commits lead from the base to the result without a gap. */
import { diffFile, type LineChange } from '../line-diff';
import { plural, verdict, type Check } from './check';

export const undoRestores: Check = {
  id: 'undo-restores',
  name: 'Undo restores every byte',
  run({ plan, tree }) {
    const faults: string[] = [];
    for (const file of plan.files) {
      const base = tree.read(file.path) ?? null;
      if (base !== file.before) faults.push(`${file.path}: the plan was made for another base.`);
      const changes = diffFile(file);
      const old = plan.action === 'add' ? kept(changes) : kept(changes, 'removed');
      const now = plan.action === 'remove' ? kept(changes) : kept(changes, 'added');
      if (file.before !== null && !sameBytes(old, file.before))
        faults.push(
          `${file.path}: without the ${plan.action === 'add' ? 'addition' : 'change'} it is not what it was.`,
        );
      if (file.after !== null && !sameBytes(now, file.after))
        faults.push(`${file.path}: without what was taken out it is not what it is to be.`);
    }
    faults.push(...gaps(plan));
    const old = plan.files.filter((file) => file.before !== null).length;
    return verdict(
      faults,
      `${plural(old, plan.action === 'add' ? 'edited file' : 'file')} back to the base byte for byte, ${plural(plan.files.length - old, 'new file')} gone.`,
      plan.files.map((file) => file.path),
    );
  },
};

/** The lines that stay, and those of one kind with them. */
function kept(changes: readonly LineChange[], kind: LineChange['kind'] = 'same'): string {
  return changes
    .filter((change) => change.kind === 'same' || change.kind === kind)
    .flatMap((change) => change.lines)
    .join('');
}

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
