import { describe, expect, it } from 'vitest';
import { runnerOf } from './tool-check';

describe('tasks beside each other', () => {
  it('hand their place on: one that comes just then does not take it too', async () => {
    const run = runnerOf(1);
    let now = 0;
    let most = 0;
    const task = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now -= 1;
    };
    const first = run(async () => {
      await task();
      // Comes between the end of the first and the start of the second.
      queueMicrotask(() => queueMicrotask(() => late.push(run(task))));
    });
    const late: Promise<void>[] = [];
    await Promise.all([first, run(task)]);
    await Promise.all(late);
    expect(late).toHaveLength(1);
    expect(most).toBe(1);
  });

  it('are never more than are allowed, and all are done, failed ones too', async () => {
    const run = runnerOf(2);
    let now = 0;
    let most = 0;
    const task = async (index: number) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      if (index === 3) throw new Error('third');
      return index;
    };
    const results = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => run(() => task(index))));
    expect(most).toBe(2);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
  });
});
