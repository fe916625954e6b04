import { parseCrontab } from 'graphile-worker';
import { expect, test } from 'vitest';
import { jobQueues, type JobName } from '@/lib/queue/contracts';
import { crontab, jobs } from './index';

const items = parseCrontab(crontab);

test('the clock starts jobs that there are, in the queues of those that are asked for', () => {
  for (const { task, options } of items) {
    expect(Object.keys(jobs)).toContain(task);
    expect(options.queueName, task).toBe(jobQueues[task as JobName]);
  }
});

test.each(['sync-repository', 'probe-ports'])(
  'one run of %s at a time: a slow one is not joined by the next',
  (name) => {
    expect(items.find(({ task }) => task === name)?.options.queueName).toBe(name);
  },
);
