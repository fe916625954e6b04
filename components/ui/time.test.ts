import { describe, expect, it } from 'vitest';
import { age, dueTime, duration, exactTime, relativeTime } from './time';

const now = Date.UTC(2026, 11, 4, 14, 6, 11);
const seconds = (count: number) => count * 1000;
const minutes = (count: number) => seconds(count * 60);

describe('relativeTime', () => {
  it.each([
    [0, 'just now'],
    [seconds(-4), 'just now'],
    [seconds(-5), '5 s ago'],
    [seconds(-59), '59 s ago'],
    [minutes(-1), '1 min ago'],
    [minutes(-26), '26 min ago'],
    [minutes(-59) - seconds(59), '59 min ago'],
    [minutes(-60), '1 h ago'],
    [minutes(-60 * 24), '1 d ago'],
    [minutes(-60 * 24 * 31), '1 mo ago'],
    [minutes(-60 * 24 * 800), '2 y ago'],
    [seconds(40), 'in 40 s'],
    [minutes(60 * 24 * 13), 'in 13 d'],
  ])('says %i ms as %s', (offset, words) => {
    expect(relativeTime(now + offset, now)).toBe(words);
  });
});

it('says when something is due, and never that it is late', () => {
  expect([dueTime(now + seconds(40), now), dueTime(now + seconds(3), now), dueTime(now - minutes(9), now)]).toEqual([
    'in 40 s',
    'any moment',
    'any moment',
  ]);
});

describe('age', () => {
  it('gives the largest unit that fits', () => {
    expect([age(0), age(999), age(minutes(61)), age(-minutes(3))]).toEqual(['0 s', '0 s', '1 h', '3 min']);
  });
});

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [84.4, '84 ms'],
    [999.6, '1.0 s'],
    [1900, '1.9 s'],
    [8240, '8.2 s'],
    [12_400, '12 s'],
    [59_960, '1 min'],
    [72_000, '1 min 12 s'],
    [3_600_000, '1 h'],
    [3_600_000 * 3 + minutes(5), '3 h 5 min'],
    [3_600_000 * 49, '2 d 1 h'],
  ])('says %d ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});

it('gives the exact moment in UTC', () => {
  expect(exactTime(now)).toBe('4 Dec 2026, 14:06:11 UTC');
});
