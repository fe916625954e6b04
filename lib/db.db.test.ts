import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { prepareTestDatabase } from '@/lib/requests/test-requests';
import { LOCK_PATIENCE } from '@/lib/transactions';
import { createDatabase } from './db';

let end: () => Promise<void>;
beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
});
afterAll(() => end());

test('who waits for a connection is given as long as transactions promise, and is not refused by the pool before', async () => {
  const database = createDatabase(process.env.DATABASE_URL ?? '', 1);
  const order: string[] = [];
  let finish: () => void = () => undefined;
  const isToFinish = new Promise<void>((resolve) => (finish = resolve));
  let begun: () => void = () => undefined;
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  const first = database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1`;
    begun();
    await isToFinish;
    order.push('first');
  }, LOCK_PATIENCE);
  await isBegun;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const second = database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1`;
      order.push('second');
    }, LOCK_PATIENCE);
    // Both the pool's patience and the transaction's run from here.
    await vi.waitUntil(() => vi.getTimerCount() >= 2);
    await vi.advanceTimersByTimeAsync(LOCK_PATIENCE.maxWait * 0.9);
    finish();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  } finally {
    vi.useRealTimers();
    await database.$disconnect();
  }
});
