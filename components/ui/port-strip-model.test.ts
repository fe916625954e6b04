import { describe, expect, it } from 'vitest';
import { moveInStrip, stripModel, stripWindow, type StripSpan } from './port-strip-model';

const realtime = { name: 'realtime', from: 7880, to: 7919 };
const spans: StripSpan[] = [
  { from: 7880, to: 7892, state: 'taken', owner: 'livekit' },
  { from: 7893, to: 7899, state: 'yours', owner: 'livekit-egress' },
  { from: 7910, to: 7912, state: 'held', owner: 'coturn, request 138', detail: 'until 2 Dec' },
];

describe('stripModel', () => {
  it('counts every port of the pool once and names the next free one', () => {
    const model = stripModel(realtime, spans);
    expect(model.counts).toEqual({ taken: 13, yours: 7, held: 3, clash: 0, free: 17 });
    expect(model.nextFree).toBe(7900);
  });

  it('draws the stronger state where spans overlap', () => {
    const model = stripModel(realtime, [
      ...spans,
      { from: 7910, to: 7910, state: 'clash', owner: 'metrics', lit: true },
    ]);
    const cell = model.parts
      .flatMap((part) => (part.kind === 'cells' ? part.cells : []))
      .find(({ port }) => port === 7910);
    expect(cell).toMatchObject({ state: 'clash', owner: 'metrics', lit: true, label: '7910, clash, metrics' });
    expect(model.counts.held).toBe(2);
  });

  it('announces number, state, owner and detail', () => {
    const labels = stripModel(realtime, spans).parts.flatMap((part) =>
      part.kind === 'cells' ? part.cells.map((cell) => cell.label) : [],
    );
    expect(labels).toContain('7911, held, coturn, request 138, until 2 Dec');
    expect(labels).toContain('7900, free');
  });

  it('brackets neighbours of one owner and says how much room the name has', () => {
    const [, second] = stripModel(realtime, spans).parts;
    expect(second).toMatchObject({
      kind: 'cells',
      brackets: [{ owner: 'coturn, request 138', start: 10, length: 3, room: 10 }],
    });
    const crowded = stripModel({ name: 'cache', from: 6370, to: 6389 }, [
      { from: 6370, to: 6370, state: 'taken', owner: 'redis' },
      { from: 6371, to: 6371, state: 'taken', owner: 'valkey' },
    ]);
    expect(crowded.parts[0]).toMatchObject({ brackets: [{ room: 1 }, { room: 19 }] });
  });

  it('folds free stretches of a long pool but keeps the next free port in sight', () => {
    const long = { name: 'work_api', from: 8200, to: 8299 };
    const model = stripModel(long, [{ from: 8200, to: 8219, state: 'taken', owner: 'openbao' }]);
    expect(model.parts.map((part) => (part.kind === 'gap' ? [part.from, part.to] : part.cells.length))).toEqual([
      20,
      20,
      [8240, 8299],
    ]);
    expect(model.counts.free).toBe(80);
    expect(model.nextFree).toBe(8220);
  });

  it('has no next free port when the pool is full', () => {
    const model = stripModel({ name: 'one', from: 80, to: 80 }, [
      { from: 80, to: 80, state: 'taken', owner: 'traefik' },
    ]);
    expect(model.nextFree).toBeUndefined();
  });
});

describe('moveInStrip', () => {
  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 39, 39],
    ['ArrowLeft', 0, 0],
    ['ArrowLeft', 5, 4],
    ['ArrowDown', 3, 23],
    ['ArrowDown', 25, 25],
    ['ArrowUp', 23, 3],
    ['ArrowUp', 3, 3],
    ['Home', 30, 0],
    ['End', 3, 39],
    ['x', 3, undefined],
  ])('%s from %i leads to %s', (key, from, to) => {
    expect(moveInStrip(key, from, 40, 20)).toBe(to);
  });
});

describe('stripWindow', () => {
  it('keeps short pools whole', () => {
    expect(stripWindow(realtime, 7893)).toEqual(realtime);
  });
  it.each([8100, 8101, 8142, 8150, 8199])('shows forty ports of a long pool with %i inside', (port) => {
    const window = stripWindow({ name: 'personal_api', from: 8100, to: 8199 }, port);
    expect(window.to - window.from).toBe(39);
    expect(window.from).toBeGreaterThanOrEqual(8100);
    expect(window.to).toBeLessThanOrEqual(8199);
    expect(port).toBeGreaterThanOrEqual(window.from);
    expect(port).toBeLessThanOrEqual(window.to);
  });
});
