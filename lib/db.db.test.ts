import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCK_PATIENCE } from '@/lib/ports/transaction';
import { prepareTestDatabase } from '@/lib/requests/test-requests';
import { createDatabase } from './db';

let end: () => Promise<void>;
beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
});
afterAll(() => end());

test('who waits for a connection is given as long as transactions promise, and is not refused by the pool before', async () => {
  const database = createDatabase(process.env.DATABASE_URL ?? '', 1);
  const order: string[] = [];
  try {
    let begun: () => void = () => undefined;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    const first = database.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT 1`;
        begun();
        // The wait is what is tested: three fifths of what the second one may wait.
        await sleep(LOCK_PATIENCE.maxWait * 0.6);
        order.push('first');
      },
      { timeout: LOCK_PATIENCE.timeout },
    );
    await isBegun;
    const second = database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1`;
      order.push('second');
    }, LOCK_PATIENCE);
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  } finally {
    await database.$disconnect();
  }
});
