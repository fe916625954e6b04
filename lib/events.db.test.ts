import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { db } from '@/lib/db';
import { announce, listen, mayHaveMissed } from '@/lib/events';
import { prepareTestDatabase } from '@/lib/requests/test-requests';

let test: Awaited<ReturnType<typeof prepareTestDatabase>>;

beforeAll(async () => {
  test = await prepareTestDatabase();
});

afterAll(() => test.end());

/** Listens, and waits until the connection stands (it says so with `*`). */
async function listener(...topics: Parameters<typeof listen>[0]) {
  const heard: string[] = [];
  const stop = listen(topics, (topic) => heard.push(topic));
  await vi.waitFor(() => expect(heard).toContain('*'), { timeout: 20_000 });
  return { heard, stop };
}

describe('announcements', () => {
  it('are heard when the transaction commits, by those who asked for the topic', async () => {
    const { heard, stop } = await listener('request:7');
    await db().$transaction((tx) => announce(tx, 'request:7', 'request:8', 'ports'));
    await vi.waitFor(() => expect(heard.filter((topic) => topic !== '*')).toEqual(['request:7']));
    stop();
  });

  it('are not heard when it rolls back', async () => {
    const { heard, stop } = await listener('services', 'ports');
    await db()
      .$transaction(async (tx) => {
        await announce(tx, 'services');
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await announce(db(), 'ports');
    await vi.waitFor(() => expect(heard).toContain('ports'));
    expect(heard).not.toContain('services');
    stop();
  });

  it('go on after the connection was cut, and everybody is told to look', async () => {
    const { heard, stop } = await listener('requests');
    const before = heard.length;
    const admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slipway-events'",
    );
    await admin.end();
    await vi.waitFor(() => expect(heard.slice(before)).toContain('*'), { timeout: 20_000 });
    await announce(db(), 'requests');
    await vi.waitFor(() => expect(heard).toContain('requests'), { timeout: 20_000 });
    stop();
  });

  it('that were made between the reading of a page and its stream are not missed', async () => {
    const { heard, stop } = await listener('services', 'requests');
    const before = Date.now() + 60_000; // past the margin that clocks may be apart
    expect(mayHaveMissed(['services', 'requests'], before)).toBe(false);
    vi.useFakeTimers({ toFake: ['Date'], now: before + 1000 });
    try {
      await announce(db(), 'requests');
      await vi.waitFor(() => expect(heard).toContain('requests'));
      expect(mayHaveMissed(['services', 'requests'], before)).toBe(true);
      expect(mayHaveMissed(['services'], before)).toBe(false);
      expect(mayHaveMissed(['requests'], before + 10_000)).toBe(false);
    } finally {
      vi.useRealTimers();
      stop();
    }
  });

  it('of a time when this process did not listen count as missed', async () => {
    const { stop } = await listener('ports');
    expect(mayHaveMissed(['ports'], Date.now() - 3600_000)).toBe(true);
    stop();
  });
});
