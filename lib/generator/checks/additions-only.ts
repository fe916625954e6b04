/**
 * No line that was there is changed or removed ("The law of the edit", rule 4), counted as `git diff --numstat` counts. A removal is held to the
 * mirror of it: no line is added or changed. A change may do both, and the row tells how much.
 */
import { countLines, diffFile } from '../line-diff';
import type { FileChange, PlanAction } from '../types';
import { plural, verdict, type Check } from './check';

interface Counted {
  file: FileChange;
  added: number;
  removed: number;
}

export const additionsOnly: Check = {
  id: 'additions-only',
  name: 'Only the lines that are meant',
  run({ plan }) {
    const counted = plan.files.map((file) => ({ file, ...countLines(diffFile(file)) }));
    return verdict(
      counted.flatMap((one) => faultOf(plan.action, one)),
      `${plural(counted.length, 'file')}, ${summaries[plan.action](sum(counted, 'added'), sum(counted, 'removed'))}`,
      counted.map(
        ({ file, added, removed }) =>
          `+${added} -${removed}  ${file.path}${file.before === null ? ' (new)' : file.after === null ? ' (deleted)' : ''}`,
      ),
    );
  },
};

const summaries: Record<PlanAction, (added: number, removed: number) => string> = {
  add: (added) => `${plural(added, 'line')} added, none changed or removed.`,
  remove: (_, removed) => `${plural(removed, 'line')} removed, none changed or added.`,
  change: (added, removed) => `${plural(added, 'line')} added, ${removed} removed.`,
};

function faultOf(action: PlanAction, { file, added, removed }: Counted): string[] {
  if (action === 'add' && (removed > 0 || file.after === null))
    return [`${file.path}: ${plural(removed, 'line')} that was there would change or go.`];
  if (action === 'remove' && (added > 0 || file.before === null))
    return [`${file.path}: ${plural(added, 'line')} would change or be new.`];
  return [];
}

function sum(counted: readonly Counted[], key: 'added' | 'removed'): number {
  return counted.reduce((total, one) => total + one[key], 0);
}
