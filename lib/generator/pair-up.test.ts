import { describe, expect, it } from 'vitest';
import { pairUp } from './pair-up';

describe('pairUp', () => {
  it.each([
    [
      'the same',
      'abc',
      'abc',
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'what became something else between what stayed',
      'abc',
      'aXc',
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'what is new',
      'ac',
      'abc',
      [
        [0, 0],
        [1, 2],
      ],
    ],
    [
      'what is gone',
      'abc',
      'ac',
      [
        [0, 0],
        [2, 1],
      ],
    ],
    [
      'everything else',
      'ab',
      'xyz',
      [
        [0, 0],
        [1, 1],
      ],
    ],
    ['nothing', '', 'ab', []],
  ])('%s', (_, left, right, pairs) => {
    expect(pairUp([...left], [...right])).toEqual(pairs);
  });
});
