import { describe, expect, it } from 'vitest';
import { hotkeyCaps, matchHotkey } from './hotkey-match';

const press = (key: string, more: Partial<{ mod: boolean; alt: boolean; typing: boolean }> = {}) => ({
  key,
  mod: false,
  alt: false,
  typing: false,
  ...more,
});

describe('matchHotkey', () => {
  it('runs single keys, whatever the case', () => {
    expect(matchHotkey('c', press('c'), undefined, true)).toBe('run');
    expect(matchHotkey('c', press('C'), undefined, true)).toBe('run');
    expect(matchHotkey('?', press('?'), undefined, true)).toBe('run');
  });

  it('leaves letters alone while somebody types, and with Ctrl or Alt', () => {
    expect(matchHotkey('c', press('c', { typing: true }), undefined, true)).toBe('no');
    expect(matchHotkey('c', press('c', { mod: true }), undefined, true)).toBe('no');
    expect(matchHotkey('c', press('c', { alt: true }), undefined, true)).toBe('no');
  });

  it('runs Ctrl-K everywhere, even with single keys turned off', () => {
    expect(matchHotkey('mod+k', press('k', { mod: true, typing: true }), undefined, false)).toBe('run');
    expect(matchHotkey('mod+k', press('k'), undefined, true)).toBe('no');
  });

  it('turns single keys off', () => {
    expect(matchHotkey('c', press('c'), undefined, false)).toBe('no');
    expect(matchHotkey('g c', press('g'), undefined, false)).toBe('no');
  });

  it('waits for the second key of a sequence, which then is no single key', () => {
    expect(matchHotkey('g c', press('g'), undefined, true)).toBe('wait');
    expect(matchHotkey('g c', press('c'), 'g', true)).toBe('run');
    expect(matchHotkey('c', press('c'), 'g', true)).toBe('no');
    expect(matchHotkey('g c', press('c'), undefined, true)).toBe('no');
  });
});

it('names keys as they stand on the keyboard', () => {
  expect([hotkeyCaps('g c'), hotkeyCaps('mod+k'), hotkeyCaps('Enter')]).toEqual([['G', 'C'], ['Ctrl', 'K'], ['↵']]);
});
