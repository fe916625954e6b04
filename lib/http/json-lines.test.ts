// However many values there are, no more are read than the other side takes.
import { expect, it } from 'vitest';
import { jsonLines } from './json-lines';

/** Values of about 270 characters, as an entry of the audit has; counts those that were asked for. */
function counted(count: number) {
  const state = { asked: 0, ended: false };
  async function* values() {
    try {
      for (let number = 0; number < count; number += 1) {
        state.asked += 1;
        yield await Promise.resolve({ number, text: 'x'.repeat(250) });
      }
    } finally {
      state.ended = true;
    }
  }
  return { state, values: values() };
}

/** What one piece of 32 KiB holds, and one more to know that it is full. */
const PIECE = (33 * 1024) / 270;

it('reads one piece ahead of whoever takes them, however long they take, and all in the end', async () => {
  const { state, values } = counted(20_000);
  const reader = jsonLines(values, 'a.jsonl').body?.getReader();
  let lines = 0;
  let pieces = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    pieces += 1;
    lines += part.value.filter((byte) => byte === 10).length;
    expect(part.value.byteLength).toBeLessThan(34 * 1024);
    // Time enough to read everything, for a reader that does not wait: these values need no turn of their own.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(state.asked - lines).toBeLessThan(2 * PIECE);
  }
  expect(lines).toBe(20_000);
  expect(pieces).toBeGreaterThan(100);
});

it('stops reading when whoever took them goes away', async () => {
  const { state, values } = counted(20_000);
  const reader = jsonLines(values, 'a.jsonl').body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(state.ended).toBe(true);
  expect(state.asked).toBeLessThan(3 * PIECE);
});
