import { expect, it } from 'vitest';
import { documentsIn } from './documents';

it('finds the documents of a stream, and no others', () => {
  expect(documentsIn('# Source: a\n---\n# Source: b\na: 1\n---  \r\nb: |\n  ---\n  x\n---\n# nothing\n---')).toEqual([
    '# Source: b\na: 1\n',
    'b: |\n  ---\n  x\n',
  ]);
  expect(documentsIn('a: 1\n')).toEqual(['a: 1\n']);
});
