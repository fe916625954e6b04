import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowWindow, shortTable } from './row-window';

describe('rowWindow', () => {
  it('draws short tables in full', () => {
    expect(rowWindow(shortTable, 32, 4000, 900)).toEqual({ start: 0, end: shortTable });
  });

  it('begins at the top while the table has not scrolled', () => {
    expect(rowWindow(10_000, 32, -140, 900).start).toBe(0);
  });

  it('always has every row that is in sight, and never many more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 201, max: 20_000 }),
        fc.integer({ min: 0, max: 700_000 }),
        fc.integer({ min: 300, max: 2200 }),
        (count, above, viewport) => {
          const { start, end } = rowWindow(count, 32, above, viewport);
          const first = Math.min(Math.floor(above / 32), count - 1);
          const last = Math.min(Math.floor((above + viewport) / 32), count - 1);
          expect(start).toBeLessThanOrEqual(first);
          expect(end).toBeGreaterThan(last);
          expect(end - start).toBeLessThanOrEqual(Math.ceil(viewport / 32) + 36);
        },
      ),
    );
  });
});
