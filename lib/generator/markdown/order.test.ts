// In which order lines stand, and where one more goes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeInOrder } from './order';

describe('a place in an order', () => {
  it('is behind those that come first, up and down', () => {
    expect(placeInOrder([1, 3, 5], 4)).toBe(2);
    expect(placeInOrder([5, 3, 1], 4)).toBe(1);
    expect(placeInOrder([5, 3, 1], 9)).toBe(0);
    expect(placeInOrder(['a', 'b', 'b', 'd'], 'b')).toBe(3);
  });

  it('is none where there is no order, or too little of one', () => {
    expect(placeInOrder([1, 2], 3)).toBeUndefined();
    expect(placeInOrder([2, 1, 3], 4)).toBeUndefined();
    expect(placeInOrder([7, 7, 7], 4)).toBeUndefined();
    expect(placeInOrder([1, 2, 3, 4, 5, 0, 6], 7)).toBeUndefined();
  });

  it('is not hidden by one line of many that is out of place', () => {
    expect(placeInOrder([1, 2, 3, 4, 5, 6, 7, 8, 9, 0], 5.5)).toBe(5);
    expect(placeInOrder([1, 99, 2, 3, 4, 5, 6, 7, 8, 9], 50)).toBe(10);
    expect(placeInOrder([1, 2, 3, 4, 5, 6, 7, 9, 8, 0], 5.5)).toBeUndefined();
  });

  it('keeps every order that there is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3 }),
        fc.integer({ min: 0, max: 50 }),
        (some, own) => {
          const keys = [...some].sort((a, b) => a - b);
          const place = placeInOrder(keys, own);
          if (new Set(keys).size === 1) return expect(place).toBeUndefined();
          expect([...keys.slice(0, place), own, ...keys.slice(place)]).toEqual([...keys, own].sort((a, b) => a - b));
        },
      ),
    );
  });
});
