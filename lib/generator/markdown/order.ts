/** Whether the lines of a list stand in an order, and where one more would stand in it. */

/** From this many lines on, one or two out of place do not hide an order. */
const MANY = 8;

/**
 * How many of the keys stand in front of a new one.
 * @returns undefined where the keys are in no order: all of them in order, or nearly all of many. Two are in some order always.
 */
export function placeInOrder<T extends string | number>(keys: readonly T[], own: T): number | undefined {
  if (keys.length < 3) return undefined;
  const up = longestRun(keys, (a, b) => a <= b);
  const down = longestRun(keys, (a, b) => a >= b);
  const best = up.length >= down.length ? up : down;
  const enough = keys.length >= MANY ? keys.length * 0.9 : keys.length;
  // All the same is no order.
  if (best.length < enough || (up.length === keys.length && down.length === keys.length)) return undefined;
  const ascending = best === up;
  const above = best.filter((index) => {
    const key = keys[index] ?? own;
    return ascending ? key <= own : key >= own;
  });
  return (above.at(-1) ?? -1) + 1;
}

/** The indexes of the longest part of the keys, gaps left out, that is in order. */
function longestRun<T>(keys: readonly T[], inOrder: (a: T, b: T) => boolean): number[] {
  // `ends[length]` is where the run of that length ends that is easiest to go on with.
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  keys.forEach((key, index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const end = ends[middle];
      if (end !== undefined && inOrder(keys[end] ?? key, key)) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? undefined : ends[low - 1];
    ends[low] = index;
  });
  const run: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before[at]) run.push(at);
  return run.reverse();
}
