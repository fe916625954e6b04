// Nothing that was typed is lost by a reload in the middle of a save, and nobody else's newer words are overwritten.
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyDraft, type DraftForm } from '@/lib/wizard/draft-form';
import { toSave, type Shared } from '@/lib/wizard/merge';
import { diffContent } from '@/lib/wizard/patch';
import { keepWords, keptWords } from './kept-words';

const begun = emptyDraft();
const draftOf = (name: string): DraftForm => ({ ...begun, name });
const before = draftOf('before');
const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};

/** What a page leaves behind that had sent `sent` without an answer and typed `typed` since. */
function leave(typed: string, sent?: string): void {
  const inDoubt = sent === undefined ? [] : diffContent(before, draftOf(sent));
  const shared: Shared = { base: before, server: before, inDoubt };
  keepWords('draft', storage, { shared, typed: draftOf(typed) });
}

function arrive(there: string, version = 3) {
  const words = keptWords('draft', storage, { version, content: draftOf(there) });
  return words && { ...words, name: (words.form as DraftForm).name, saves: toSave(words.shared, words.form) };
}

describe('the words that a page left behind', () => {
  beforeEach(() => kept.clear());

  it.each([
    ['was not sent', undefined, 'before'],
    ['was typed while a save was under way that was lost', 'sent', 'before'],
    ['was typed while a save was under way that was stored all the same', 'sent', 'sent'],
  ])('come back: what %s', (_, sent, there) => {
    leave('typed after it', sent);
    const page = arrive(there);
    expect(page?.name).toBe('typed after it');
    expect(page?.conflicts).toEqual([]);
    expect(page?.saves).toEqual([{ path: 'name', from: there, to: 'typed after it' }]);
  });

  it('come back into a draft that was never begun', () => {
    leave('typed');
    const page = keptWords('draft', storage, { version: 0, content: emptyDraft() });
    expect((page?.form as DraftForm).ports).toEqual(begun.ports);
    expect((page?.form as DraftForm).name).toBe('typed');
  });

  it('stand beside what somebody else wrote there since', () => {
    leave('typed');
    const page = arrive('theirs', 4);
    expect(page?.conflicts).toEqual([{ path: 'name', mine: 'typed', theirs: 'theirs' }]);
    expect(page?.saves).toEqual([]);
  });

  it('are not there where the server has everything, the storage is full, or holds something else', () => {
    leave('typed');
    keepWords('draft', storage, undefined);
    expect(arrive('before')).toBeUndefined();
    const full = { ...storage, setItem: () => expect.unreachable('is caught') };
    const shared: Shared = { base: before, server: before, inDoubt: [] };
    expect(() => keepWords('draft', full, { shared, typed: before })).not.toThrow();
    kept.set('slipway:typed:draft', '{"somebody":"else"}');
    expect(arrive('before')).toBeUndefined();
  });
});
