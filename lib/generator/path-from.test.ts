import { describe, expect, it } from 'vitest';
import { pathFrom } from './path-from';

describe('pathFrom', () => {
  it.each([
    ['compose', './a/b.yml', 'compose/a/b.yml'],
    ['compose/x', '../../config//spire/', 'config/spire'],
    ['', 'a', 'a'],
    ['a', '..', ''],
    ['a', '../../b', undefined],
    ['', '../a', undefined],
  ])('from %j, %j is %j', (folder, relative, path) => {
    expect(pathFrom(folder, relative)).toBe(path);
  });
});
