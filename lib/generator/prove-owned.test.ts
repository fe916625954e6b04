import { describe, expect, it } from 'vitest';
import { proveOwnedOnly } from './prove-owned';

const before = 'services:\n  a:\n    image: "a:1"\n  own:\n    image: o\nvolumes:\n  own_data:\n  theirs:\n';
const own = {
  before: [
    ['services', 'own'],
    ['volumes', 'own_data'],
  ],
  after: [],
};
const gone = 'services:\n  a:\n    image: "a:1"\nvolumes:\n  theirs:\n';

const prove = (after: string, owned: Parameters<typeof proveOwnedOnly>[3] = own, from = before) =>
  proveOwnedOnly('x.yml', from, after, owned)?.reason;

describe('proveOwnedOnly', () => {
  it('accepts that the service’s nodes go, or are others', () => {
    expect(prove(gone)).toBeUndefined();
    const changed = before.replace('image: o', 'image: p');
    expect(prove(changed, { before: own.before, after: own.before })).toBeUndefined();
  });

  it.each([
    ['a declaration without a value', gone.replace('  theirs:\n', ''), 'volumes'],
    ['a value', gone.replace('a:1', 'a:2'), 'services.a.image'],
    ['quotes', gone.replace('"a:1"', 'a:1'), 'services.a.image'],
    ['a key', gone.replace('  a:', '  b:'), 'services.a'],
    ['the order', 'volumes:\n  theirs:\nservices:\n  a:\n    image: "a:1"\n', 'services'],
    ['something new', `${gone}networks: {}\n`, 'networks'],
  ])('notices %s', (_, after, path) => {
    expect(prove(after)).toContain(`would change ${path}`);
  });

  it('lets a collection that held nothing else go, or stand without a value', () => {
    const alone = 'services:\n  a:\n    image: a\nvolumes:\n  own_data:\n';
    const paths = { before: [['volumes', 'own_data']], after: [] };
    expect(prove('services:\n  a:\n    image: a\n', paths, alone)).toBeUndefined();
    expect(prove('services:\n  a:\n    image: a\nvolumes:\n', paths, alone)).toBeUndefined();
    expect(prove('volumes:\n', paths, alone)).toContain('would change');
  });

  it('knows items of lists by their place', () => {
    const list = 'ports:\n  - 1\n  - 2\n  - 3\n';
    expect(prove('ports:\n  - 1\n  - 3\n', { before: [['ports', 1]], after: [] }, list)).toBeUndefined();
    expect(prove('ports:\n  - 1\n  - 2\n', { before: [['ports', 1]], after: [] }, list)).toContain('ports');
  });

  it('refuses a result that does not parse', () => {
    expect(prove('services: [\n')).toContain('would not parse');
  });
});
