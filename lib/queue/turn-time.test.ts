import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { movedBack, nextTurn, ordinaryLimits, type Turn } from './turn-time';

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

  test('whoever is urgent waits for nobody who is not: they move back, in their order, and all limits hold', () => {
    const asks = fc.record({
      writes: fc.integer({ min: 1, max: 5 }),
      after: fc.integer({ min: 0, max: 40 }),
      urgent: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(asks, { maxLength: 50 }), (asking) => {
        interface Placed extends Turn {
          urgent: boolean;
          order: number;
        }
        let row: Placed[] = [];
        let clock = now.getTime();
        for (const [order, { writes, after, urgent }] of asking.entries()) {
          clock += after * 1000;
          const at = new Date(clock);
          const waiting = row.filter((turn) => !turn.urgent && turn.dueAt > at);
          const fixed = row.filter((turn) => !waiting.includes(turn));
          if (!urgent) {
            row.push({ writes, urgent, order, dueAt: nextTurn(row, writes, at, ordinaryLimits(limits)) });
            continue;
          }
          const own = { writes, urgent, order, dueAt: nextTurn(fixed, writes, at, limits) };
          const moved = movedBack([...fixed, own], waiting, ordinaryLimits(limits));
          expect(moved).toHaveLength(waiting.length);
          for (const turn of moved) {
            const earlier = waiting.find((one) => one.order === turn.order);
            expect(turn.dueAt.getTime()).toBeGreaterThanOrEqual(earlier?.dueAt.getTime() ?? 0);
            expect(turn.dueAt.getTime()).toBeGreaterThanOrEqual(own.dueAt.getTime());
          }
          row = [...fixed, own, ...moved];
        }
        const ordinary = row.filter(({ urgent }) => !urgent).sort((a, b) => a.order - b.order);
        expect(ordinary.map(({ dueAt }) => dueAt.getTime())).toEqual(
          ordinary.map(({ dueAt }) => dueAt.getTime()).sort((a, b) => a - b),
        );
        for (const { dueAt } of row) {
          const within = (seconds: number) =>
            row
              .filter((turn) => turn.dueAt <= dueAt && turn.dueAt.getTime() > dueAt.getTime() - seconds * 1000)
              .reduce((sum, turn) => sum + turn.writes, 0);
          expect(within(60)).toBeLessThanOrEqual(limits.perMinute);
          expect(within(3600)).toBeLessThanOrEqual(limits.perHour);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a tenth is kept free for whoever is urgent, and there is always room for one', () => {
    expect(ordinaryLimits({ perMinute: 72, perHour: 450 })).toEqual({ perMinute: 64, perHour: 405 });
    expect(ordinaryLimits({ perMinute: 1, perHour: 1 })).toEqual({ perMinute: 1, perHour: 1 });
  });
});
