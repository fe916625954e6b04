import { describe, expect, it } from 'vitest';
import { saysNothingNew } from './same-message';

describe('what a tool said before', () => {
  it.each([
    ['x.yaml:3:1: bad\nline 4: worse', ['line 9: worse\nx.yaml:7:2: bad'], true],
    ['[3:1] bad', ['[4:1] bad'], true],
    ['one\ntwo', ['one'], false],
    ['one\ntwo', ['one', 'two'], true],
    ['image a:2 is bad', ['image a:1 is bad'], false],
  ])('%j after %j', (after, before, expected) => expect(saysNothingNew(after, before)).toBe(expected));
});
