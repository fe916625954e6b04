import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatches, diffContent, newRowId, sameJson, valueAt, withRowIds, type Json } from './patch';

const row = (rowId: string, name: string) => ({ rowId, name, external: 'auto' });
const draft = { name: 'egress', routing: { host: 'a.test' }, ports: [row('a', 'http'), row('b', 'grpc')], tags: ['x'] };

describe('diffContent', () => {
  it('addresses a row by its id, wherever it stands', () => {
    const to = { ...draft, ports: [{ ...row('b', 'grpc'), external: '7000' }] };
    expect(diffContent(draft, to)).toEqual([
      { path: 'ports.a', from: row('a', 'http') },
      { path: 'ports.b.external', from: 'auto', to: '7000' },
    ]);
  });

  it('takes a list of texts, and a group that is turned off, as one field', () => {
    expect(diffContent(draft, { ...draft, tags: ['x', 'y'], routing: null })).toEqual([
      { path: 'routing', from: { host: 'a.test' }, to: null },
      { path: 'tags', from: ['x'], to: ['x', 'y'] },
    ]);
  });
});

describe('applyPatches', () => {
  it('applies what still has its from, and is content with what has its to', () => {
    const patch = { path: 'name', from: 'egress', to: 'ingress' };
    const once = applyPatches(draft, [patch]);
    expect(once.content).toEqual({ ...draft, name: 'ingress' });
    expect(applyPatches(once.content, [patch])).toEqual({ content: once.content, applied: [patch], conflicts: [] });
  });

  it('names a field that somebody else wrote with both values, and saves the others', () => {
    const { content, conflicts } = applyPatches(draft, [
      { path: 'name', from: 'old', to: 'mine' },
      { path: 'ports.b.name', from: 'grpc', to: 'api' },
    ]);
    expect(conflicts).toEqual([{ path: 'name', wanted: 'mine', current: 'egress' }]);
    expect(valueAt(content, 'ports.b.name')).toBe('api');
    expect(valueAt(content, 'name')).toBe('egress');
  });

  it.each([
    ['ports.gone.name', 'ports.gone', undefined],
    ['routing.host', 'routing', null],
    ['tags.0', 'tags', ['x']],
  ])('names what is not there any more around %s', (path, named, current) => {
    const { conflicts } = applyPatches({ ...draft, routing: null }, [{ path, from: 'x', to: 'y' }]);
    expect(conflicts).toEqual([{ path: named, wanted: 'y', current }]);
  });

  it.each([
    { path: 'ports.c', to: row('d', 'other') },
    { path: 'ports.c', to: 'no row' },
    { path: 'ports.a.rowId', from: 'a', to: 'b' },
    { path: 'name.first', to: 'x' },
  ])('changes nothing for $path where a row would not be under its own id', (patch) => {
    expect(applyPatches(draft, [patch]).content).toEqual(draft);
  });

  it('does not reach an object’s prototype', () => {
    applyPatches(draft, [{ path: '__proto__.polluted', to: 'yes' }]);
    applyPatches(draft, [{ path: 'constructor.prototype.polluted', to: 'yes' }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('brings any content to any other, and back', () => {
    const rows = fc.uniqueArray(
      fc.record({ rowId: fc.constantFrom('a', 'b', 'c', 'd'), name: fc.string({ maxLength: 2 }) }),
      { selector: ({ rowId }) => rowId },
    );
    const content = fc.record({
      name: fc.string({ maxLength: 2 }),
      group: fc.option(fc.record({ host: fc.string({ maxLength: 1 }), peers: rows })),
      ports: rows,
      tags: fc.array(fc.string({ maxLength: 1 }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(content as fc.Arbitrary<Json>, content as fc.Arbitrary<Json>, (from, to) => {
        const there = applyPatches(from, diffContent(from, to));
        expect(there.conflicts).toEqual([]);
        expect(diffContent(there.content, to)).toEqual([]);
        const back = applyPatches(there.content, diffContent(there.content, from));
        expect(diffContent(back.content, from)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('withRowIds', () => {
  it('gives the same content the same ids, keeps those that are there, and tells twins apart', () => {
    const old = { ports: [{ name: 'a' }, { name: 'b', rowId: 'row-1' }, { name: 'c', rowId: 'row-1' }], tags: ['x'] };
    const read = withRowIds(old);
    expect(withRowIds(old)).toEqual(read);
    expect(withRowIds(read)).toEqual(read);
    expect(read.ports.map(({ rowId }) => rowId)).toEqual(['row-2', 'row-1', 'row-3']);
  });

  it('makes an id that is no step of a path anew', () => {
    expect(withRowIds({ ports: [{ rowId: 'a.b' }] })).toEqual({ ports: [{ rowId: 'row-1' }] });
    expect(newRowId()).toMatch(/^[0-9a-f]{16}$/);
  });
});

it('compares without regard to the order of keys', () => {
  expect(sameJson({ a: 1, b: [null] }, { b: [null], a: 1 })).toBe(true);
  expect(sameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(sameJson([1, 2], [1])).toBe(false);
  expect(sameJson(null, {})).toBe(false);
});
