/** No line that was there is changed or removed ("The law of the edit", rule 4), counted as `git diff --numstat` counts. */
import { countLines, diffLines } from '../line-diff';
import { plural, verdict, type Check } from './check';

export const additionsOnly: Check = {
  id: 'additions-only',
  name: 'Only additions',
  run({ plan }) {
    const faults: string[] = [];
    const seen: string[] = [];
    let total = 0;
    for (const file of plan.files) {
      const { added, removed } = countLines(diffLines(file.before ?? '', file.after));
      total += added;
      seen.push(`+${added} -${removed}  ${file.path}${file.before === null ? ' (new)' : ''}`);
      if (removed > 0) faults.push(`${file.path}: ${plural(removed, 'line')} that was there would change or go.`);
    }
    return verdict(
      faults,
      `${plural(plan.files.length, 'file')}, ${plural(total, 'line')} added, none changed or removed.`,
      seen,
    );
  },
};
