import { expect, test } from 'vitest';
import { CONNECT_MS } from '@/lib/db';
import { LOCK_PATIENCE } from '@/lib/ports/transaction';

test('who waits for a connection is given as long as transactions promise, and is not refused by the pool before', () => {
  expect(CONNECT_MS).toBeGreaterThan(LOCK_PATIENCE.maxWait);
});
