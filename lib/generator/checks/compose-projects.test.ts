import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { gatherProject, variablesWithoutValue } from './compose-projects';

describe('a project', () => {
  it('takes an override with the file that it is over', () => {
    const tree = treeOf({
      'docker-compose.yml': 'services:\n  a:\n    image: a:1\n',
      'docker-compose.override.yml': 'services:\n  a:\n    user: "1"\n',
    });
    expect(gatherProject(tree, 'docker-compose.override.yml').main).toEqual([
      'docker-compose.yml',
      'docker-compose.override.yml',
    ]);
  });
});

describe('variables without a value', () => {
  it.each([
    ['$A ${B} ${C:?why} ${D?why} ${E:+x} ${F+x}', ['A', 'B', 'C', 'D', 'E', 'F']],
    ['${A:-x} ${B-x} ${C:-${D}}', ['D']],
    ['$$A $${B} 5$ ${', []],
  ])('in %j', (text, names) => expect([...variablesWithoutValue(text)].sort()).toEqual(names));
});
