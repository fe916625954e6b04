import { expect, test } from 'vitest';
import { mergeChecks } from './merge-checks';

const check = (id: string, summary: string) => ({ id, name: id, status: 'pass' as const, summary, detail: '' });

test('a newer result stands in the place of the one before it, and what is new comes last', () => {
  const stored = [check('lines', 'first'), check('records', 'first'), check('compose', 'first')];
  const newer = [check('helm', 'second'), check('compose', 'second'), check('lines', 'second')];
  const merged = mergeChecks(stored, newer);
  expect(merged).toEqual([
    check('lines', 'second'),
    check('records', 'first'),
    check('compose', 'second'),
    check('helm', 'second'),
  ]);
  expect(mergeChecks(merged, newer)).toEqual(merged);
});
