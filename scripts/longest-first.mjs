// The order of Vitest's files: what takes long is begun first, so that no core waits at the end for one long file.
import { BaseSequencer } from 'vitest/node';

/** Files that take long and do not look like it: Vitest goes by their size where it has not run them here before. */
const LONG =
  /\/(killed-[\w-]+|upstream-faults|interleavings|(plan-change|any-repository|sample-repository)\.property|lint-rules)(\.db)?\.test\.ts$/;

export class LongestFirst extends BaseSequencer {
  /**
   * Those that take long, then the others as Vitest orders them.
   * @param {import('vitest/node').TestSpecification[]} files
   */
  async sort(files) {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
