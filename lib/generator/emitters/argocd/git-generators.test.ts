import { describe, expect, it } from 'vitest';
import { treeOf } from '../../overlay';
import { finds, gitGenerators } from './git-generators';

describe('finds', () => {
  it.each([
    ['charts/*', 'charts/api', true],
    ['charts/*', 'charts/api/templates', false],
    ['clusters/**', 'clusters/prod/api/config.yaml', true],
    ['clusters/**/config.yaml', 'clusters/config.yaml', true],
    ['clusters/**/config.yaml', 'clusters/prod/api/config.yaml', true],
    ['clusters/**/config.yaml', 'other/prod/config.yaml', false],
    ['env-?/c++/*.yaml', 'env-1/c++/api.yaml', true],
  ])('%s for %s: %s', (pattern, path, found) => {
    expect(finds({ patterns: [pattern], excluded: [] }, path)).toBe(found);
  });

  it('nothing that the generator leaves out', () => {
    expect(finds({ patterns: ['charts/*'], excluded: ['charts/old-*'] }, 'charts/old-api')).toBe(false);
  });
});

describe('gitGenerators', () => {
  it('reads what a template fills in as anything', () => {
    const text =
      'generators:\n  - git:\n      directories:\n        - path: "{{ .Values.root }}/*"\n        - path: charts/{{.env}}-*\n';
    expect(gitGenerators(treeOf({ 'set.yaml': text })).map((one) => one.patterns)).toEqual([['*/*', 'charts/*-*']]);
  });
});
