/** Finds in two lists what is the same, and what probably became what. */
import { diffArrays } from 'diff';

/** Indexes of items that belong to each other; those of the one list that the other has nothing for are in no pair. */
export type Pairs = [left: number, right: number][];

/** Pairs equal texts in their order, then what is left between them one by one. */
export function pairUp(left: readonly string[], right: readonly string[]): Pairs {
  const pairs: Pairs = [];
  let a = 0;
  let b = 0;
  let leftOver: number[] = [];
  let rightOver: number[] = [];
  const settle = () => {
    leftOver.slice(0, rightOver.length).forEach((one, index) => pairs.push([one, rightOver[index] ?? 0]));
    leftOver = [];
    rightOver = [];
  };
  for (const part of diffArrays([...left], [...right])) {
    if (!part.added && !part.removed) settle();
    for (let count = 0; count < part.value.length; count += 1) {
      if (part.added) rightOver.push(b++);
      else if (part.removed) leftOver.push(a++);
      else pairs.push([a++, b++]);
    }
  }
  settle();
  return pairs.sort(([x], [y]) => x - y);
}
