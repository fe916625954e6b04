/** Jobs and their states in words. Pure. */
import type { JobState, JobView } from '@/lib/queue/views';

const names: Record<string, string> = {
  'open-pull-request': 'Open the pull request',
  'update-tracker': 'Tell the tracker',
  'cancel-request': 'Cancel on GitHub',
  'sync-pull-request': 'Read the pull request',
  'refresh-request': 'Follow the base branch',
  reconcile: 'Look for what no webhook told',
  'sync-repository': 'Read the base branch',
  'process-webhook': 'Work on a webhook delivery',
  expire: 'End what is overdue',
};

/** What a job does; its name where a newer version put it there. */
export function jobTitle(name: string): string {
  return names[name] ?? name;
}

export const jobStateWords: Record<JobState, string> = {
  running: 'Running',
  waiting: 'Waiting',
  again: 'Tried again',
  failed: 'Failed',
};

/** What may be let start now: what runs is at it already. */
export function isRetryable(job: Pick<JobView, 'state'>): boolean {
  return job.state === 'failed' || job.state === 'again';
}
