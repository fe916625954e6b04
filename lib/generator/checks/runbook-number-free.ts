/** The runbook's number was nobody's: no file, no heading, no catalog row; and no other page of the result has it. */
import { goesByNumbers, isPageOf, observeRunbooks, takenRunbookNumbers } from '../observe/runbooks';
import { pass, verdict, type Check } from './check';

export const runbookNumberFree: Check = {
  id: 'runbook-number-free',
  name: 'Runbook number is free',
  run({ manifest, profile, tree, after }) {
    const number = manifest.runbook?.number;
    if (number === undefined || !profile.runbooks) return pass('No runbook is asked for.');
    if (!goesByNumbers(tree, profile)) return pass('Runbooks go by their names here, without numbers.');
    const taken = takenRunbookNumbers(tree, profile);
    const ownBefore = observeRunbooks(tree, profile).some((page) => page.number === number && isPageOf(page, manifest));
    const faults: string[] = [];
    if (taken.includes(number) && !ownBefore)
      faults.push(`Number ${number} is taken, by a page or by a row of the catalog.`);
    for (const page of observeRunbooks(after, profile))
      if (page.number === number && !isPageOf(page, manifest))
        faults.push(`${page.path} has the number ${number} too.`);
    return verdict(faults, `${number} against ${taken.length} numbers that are spoken for.`, [
      `Taken: ${taken.join(', ')}`,
    ]);
  },
};
