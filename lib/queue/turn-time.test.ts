import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTurn, type Turn } from './turn-time';

const now = new Date('2026-11-21T12:00:00Z');
const limits = { perMinute: 10, perHour: 30 };
const ago = (seconds: number, writes: number): Turn => ({ dueAt: new Date(now.getTime() - seconds * 1000), writes });
const waits = (turns: Turn[], writes: number) =>
  (nextTurn(turns, writes, now, limits).getTime() - now.getTime()) / 1000;

describe('whose turn it is', () => {
  test.each([
    ['nobody writes', [], 4, 0],
    ['there is room', [ago(10, 6)], 4, 0],
    ['the minute is full', [ago(10, 6)], 5, 50],
    ['only the oldest have to leave', [ago(50, 3), ago(10, 5)], 4, 10],
    ['the hour is full', [ago(3000, 10), ago(2000, 10), ago(1000, 10)], 1, 600],
    ['more than there is ever room for goes alone', [ago(10, 1)], 99, 3590],
    ['nobody overtakes', [ago(-30, 1)], 1, 30],
  ] as [string, Turn[], number, number][])('%s', (_name, turns, writes, seconds) => {
    expect(waits(turns, writes)).toBe(seconds);
  });

  test('however many ask, no minute and no hour has more than its limit, and all get a turn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ writes: fc.integer({ min: 1, max: 10 }), after: fc.integer({ min: 0, max: 90 }) }), {
          maxLength: 60,
        }),
        (asking) => {
          const turns: Turn[] = [];
          let clock = now.getTime();
          for (const { writes, after } of asking) {
            clock += after * 1000;
            turns.push({ dueAt: nextTurn(turns, writes, new Date(clock), limits), writes });
          }
          for (const { dueAt } of turns) {
            const within = (seconds: number) =>
              turns
                .filter((turn) => turn.dueAt <= dueAt && turn.dueAt.getTime() > dueAt.getTime() - seconds * 1000)
                .reduce((sum, turn) => sum + turn.writes, 0);
            expect(within(60)).toBeLessThanOrEqual(limits.perMinute);
            expect(within(3600)).toBeLessThanOrEqual(limits.perHour);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
