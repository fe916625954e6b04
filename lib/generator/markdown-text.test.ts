import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeForGitHub, escapeMarkdown, markdownBlock, markdownCode, markdownLink } from './markdown-text';

describe('escaped text', () => {
  it.each([
    ['<img src=x onerror=1>', '&lt;img src=x onerror=1&gt;'],
    ['a | b', 'a \\| b'],
    ['[click](http://x)', '\\[click\\](http:&#8203;//x)'],
    ['`code` *bold* ~~gone~~ $x$', '\\`code\\` \\*bold\\* \\~\\~gone\\~\\~ \\$x\\$'],
    ['# heading', '\\# heading'],
    ['1. list', '1\\. list'],
    ['two\nlines', 'two lines'],
    ['snake_case and _em_', 'snake_case and \\_em\\_'],
    ['cc @admin, fixes #12, GH-3, www.x.test', 'cc @&#8203;admin, fixes #&#8203;12, GH-&#8203;3, www&#8203;.x.test'],
    ['sam@example.com', 'sam@example.com'],
    ['&amp; &#64;all', '&amp;amp; &amp;#&#8203;64;all'],
  ])('%j stays text', (text, escaped) => expect(escapeForGitHub(text)).toBe(escaped));

  it('leaves plain words as they are', () => {
    expect(escapeMarkdown('Real-time voice, (v2) at 10:30.')).toBe('Real-time voice, (v2) at 10:30.');
  });

  it('never lets through a raw bracket, angle, pipe or mention', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('@', '#', '1', 'a', '<', '>', '|', '\\', '`', '[', ']', '*', '_', '\n', '&', ' '),
        }),
        (text) => {
          const escaped = escapeForGitHub(text);
          expect(escaped).not.toMatch(/[<>\n]/);
          expect(escaped.replace(/\\./g, '')).not.toMatch(/[|`[\]*]/);
          expect(escaped).not.toMatch(/(^|[^A-Za-z0-9])@[A-Za-z0-9]/);
        },
      ),
    );
  });
});

describe('code and links', () => {
  it('hold any text', () => {
    expect(markdownCode('a`b')).toBe('``a`b``');
    expect(markdownCode('a|b')).toBe('`a\\|b`');
    expect(markdownBlock('```\nx', 'sh')).toBe('````sh\n```\nx\n````');
    expect(markdownLink('a]b', 'https://x.test/(a) b"')).toBe('[a\\]b](https://x.test/%28a%29%20b%22)');
  });
});
