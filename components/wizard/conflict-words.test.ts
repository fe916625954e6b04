import { describe, expect, it } from 'vitest';
import { formPath, wordsForField, wordsForValue } from './conflict-words';

const mine = {
  runtime: { healthCheck: { path: '/' } },
  ports: [
    { rowId: 'a1', name: 'http' },
    { rowId: 'b2', name: '' },
  ],
};

describe('wordsForField', () => {
  it.each([
    ['purpose', 'Purpose'],
    ['runtime.healthCheck.path', 'Runtime, health check, path'],
    ['ports.a1.external', 'Ports, http, external'],
    ['ports.b2', 'Ports, a row without a name'],
  ])('says %s as people do', (path, words) => expect(wordsForField(path, mine)).toBe(words));

  it('finds a row’s name where only the other still has it', () => {
    expect(wordsForField('ports.a1', { ports: [] }, [undefined, mine.ports[0]])).toBe('Ports, http');
  });
});

it.each([
  [undefined, 'nothing: it was removed'],
  [null, 'nothing: it was turned off'],
  [true, 'yes'],
  [['erin', 'omar'], 'erin, omar'],
  [{ rowId: 'a1', name: 'http', external: 'auto', why: '' }, 'http · auto'],
])('says the value %j', (value, words) => expect(wordsForValue(value)).toBe(words));

it.each([
  ['purpose', 'purpose'],
  ['runtime.healthCheck.path', 'runtime.healthCheck.path'],
  ['ports.b2.external', 'ports.1.external'],
  ['ports.gone.external', undefined],
])('knows %s in the form as %s', (path, name) => expect(formPath(path, mine)).toBe(name));
