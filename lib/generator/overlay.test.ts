import { describe, expect, it } from 'vitest';
import { overlay, treeOf } from './overlay';

const base = treeOf({ 'a.txt': 'a', 'b/c.txt': 'c' });

describe('overlay', () => {
  it('reads what was written, and the base elsewhere', () => {
    const tree = overlay(
      base,
      new Map([
        ['a.txt', 'A'],
        ['new.txt', ''],
      ]),
    );
    expect(tree.paths).toEqual(['a.txt', 'b/c.txt', 'new.txt']);
    expect(tree.paths.map((path) => tree.read(path))).toEqual(['A', 'c', '']);
  });

  it('lacks what was deleted, and what never was there', () => {
    const tree = overlay(
      base,
      new Map([
        ['a.txt', null],
        ['never.txt', null],
      ]),
    );
    expect(tree.paths).toEqual(['b/c.txt']);
    expect(tree.read('a.txt')).toBeUndefined();
    expect(tree.read('never.txt')).toBeUndefined();
    const again = overlay(tree, new Map([['a.txt', 'back']]));
    expect(again.paths).toEqual(['a.txt', 'b/c.txt']);
    expect(again.read('a.txt')).toBe('back');
  });
});
