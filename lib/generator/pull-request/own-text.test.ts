import { describe, expect, test } from 'vitest';
import { markOwnText, replaceOwnText } from './own-text';

const TEXT = [
  'Adds it.',
  '',
  '## Checklist',
  '',
  '- [x] Added.',
  '- [ ] Alerts.',
  '- [ ] Merge it.',
  '',
  'The end.',
].join('\n');
const NEXT = TEXT.replace('Adds it.', 'Adds it on a newer main.');
const written = markOwnText(TEXT);
const markOf = (text: string) => text.slice(text.indexOf('<!--')).trimEnd();

describe('our own part of a body', () => {
  test('is replaced, also where GitHub gives other line ends and no end of line', () => {
    expect(replaceOwnText(written, NEXT)).toBe(markOwnText(NEXT));
    expect(replaceOwnText(written.replaceAll('\n', '\r\n').trimEnd(), NEXT)).toBe(markOwnText(NEXT));
  });

  test('is replaced again and again', () => {
    const once = replaceOwnText(written, NEXT) ?? '';
    expect(replaceOwnText(once, TEXT)).toBe(written);
    expect(replaceOwnText(once, NEXT)).toBe(once);
  });

  test('is replaced between what people wrote above and below', () => {
    expect(replaceOwnText(`Please look.\n\n${written}\nThanks!`, NEXT)).toBe(
      `Please look.\n\n${markOwnText(NEXT)}\nThanks!\n`,
    );
  });

  test('that a person edited is theirs', () => {
    expect(replaceOwnText(written.replace('Adds it.', 'Adds it, at last.'), NEXT)).toBeUndefined();
    expect(replaceOwnText('Words of their own.', NEXT)).toBeUndefined();
    expect(replaceOwnText(written.slice(20), NEXT)).toBeUndefined();
  });

  test('below one that a person edited is the one that is replaced', () => {
    const theirs = written.replace('Adds it.', 'Adds it, at last.').trimEnd();
    expect(replaceOwnText(`${theirs}\n\n---\n\n${written}`, NEXT)).toBe(`${theirs}\n\n---\n\n${markOwnText(NEXT)}`);
  });

  test('is known within a mark that a person made around it, and theirs stays', () => {
    const around = markOwnText(`Please look.\n\n${written}\nThanks!`);
    expect(replaceOwnText(around, NEXT)).toBe(
      around.replace('Adds it.', 'Adds it on a newer main.').replace(markOf(written), markOf(markOwnText(NEXT))),
    );
  });

  test('above one that a person edited is replaced as well', () => {
    const theirs = written.replace('The end.', 'No end.');
    expect(replaceOwnText(`${written}\n${theirs}`, NEXT)).toBe(`${markOwnText(NEXT)}\n${theirs}`);
  });
});

describe('a tick that a person set', () => {
  test('is no edit, and stays where the new text has the task', () => {
    const ticked = written.replace('- [ ] Alerts.', '- [x] Alerts.').replace('- [x] Added.', '- [ ] Added.');
    const next = replaceOwnText(ticked, NEXT.replace('- [ ] Merge it.', '- [ ] Merge them.')) ?? '';
    expect(next).toContain('- [x] Alerts.');
    expect(next).toContain('- [ ] Added.');
    expect(next).toContain('- [ ] Merge them.');
    // And still after the next time.
    expect(replaceOwnText(next, TEXT)).toContain('- [x] Alerts.\n- [ ] Merge it.');
  });

  test('is not ours: what we ticked before and do not now is open', () => {
    expect(replaceOwnText(written, NEXT.replace('- [x] Added.', '- [ ] Added.'))).toContain('- [ ] Added.');
  });
});
