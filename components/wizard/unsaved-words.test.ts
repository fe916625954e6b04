// Nothing that was typed is lost by a reload in the middle of a save, and nobody else's newer words are overwritten.
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyDraft, type DraftForm } from '@/lib/wizard/draft-form';
import { UnsavedWords } from './unsaved-words';

const begun = emptyDraft();
const draftOf = (name: string): DraftForm => ({ ...begun, name });
const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
const page = () => new UnsavedWords('draft', storage);

describe('UnsavedWords', () => {
  beforeEach(() => kept.clear());

  it('gives back what was typed and not sent', () => {
    page().type(draftOf('typed'), 3);
    expect(page().restore({ version: 3, content: draftOf('before') })?.name).toBe('typed');
  });

  it.each([
    ['was not stored', 3, 'before'],
    ['was stored all the same', 4, 'sent'],
  ])('gives back what was typed while a save was under way that %s', (_, version, there) => {
    const words = page();
    words.type(draftOf('sent'), 3);
    words.send(draftOf('sent'), 3);
    words.type(draftOf('typed after it'), 3);
    expect(page().restore({ version, content: draftOf(there) })?.name).toBe('typed after it');
  });

  it('knows its own save in whatever order the database keeps the keys', () => {
    const words = page();
    words.type(draftOf('sent'), 3);
    words.send(draftOf('sent'), 3);
    words.type(draftOf('typed after it'), 3);
    const reordered = Object.fromEntries(Object.entries(draftOf('sent')).reverse());
    expect(page().restore({ version: 4, content: reordered })?.name).toBe('typed after it');
  });

  it('gives nothing back that the server has', () => {
    const words = page();
    words.type(draftOf('sent'), 3);
    words.send(draftOf('sent'), 3);
    expect(page().restore({ version: 4, content: draftOf('sent') })).toBeUndefined();
    words.acknowledge(draftOf('sent'), 4);
    expect(kept.size).toBe(0);
  });

  it('keeps what was typed after the save that was acknowledged', () => {
    const words = page();
    words.type(draftOf('sent'), 3);
    words.send(draftOf('sent'), 3);
    words.type(draftOf('typed after it'), 3);
    words.acknowledge(draftOf('sent'), 4);
    expect(page().restore({ version: 4, content: draftOf('sent') })?.name).toBe('typed after it');
  });

  it('leaves alone what another tab or device saved since', () => {
    const words = page();
    words.type(draftOf('sent'), 3);
    words.send(draftOf('sent'), 3);
    const theirs = { version: 4, content: draftOf('theirs') };
    expect(page().restore(theirs)).toBeUndefined();
    expect(words.standing(theirs, draftOf('sent'), 3)).toBe('newer');
  });

  it('tells a refused save whose copy the server has', () => {
    const words = page();
    words.send(draftOf('first'), 3);
    words.send(draftOf('second'), 3);
    expect(words.standing({ version: 4, content: draftOf('first') }, draftOf('second'), 3)).toBe('older');
    expect(words.standing({ version: 4, content: draftOf('second') }, draftOf('second'), 3)).toBe('same');
  });

  it('keeps nothing where the storage is full or not ours', () => {
    const full = { ...storage, setItem: () => expect.unreachable('is caught') };
    expect(() => new UnsavedWords('draft', full).type(draftOf('typed'), 1)).not.toThrow();
    kept.set('slipway:unsaved:draft', '{"somebody":"else"}');
    expect(page().restore({ version: 1, content: draftOf('before') })).toBeUndefined();
  });
});
