/** Every job by its name, and which run by the clock. */
import { jobQueues, type JobName } from '@/lib/queue/contracts';
import { cancelRequestJob } from './cancel-request';
import { expireJob } from './expire';
import type { Job } from './job';
import { openPullRequestJob } from './open-pull-request';
import { probePortsJob } from './probe-ports';
import { processWebhookJob } from './process-webhook';
import { reconcileJob } from './reconcile';
import { refreshRequestJob } from './refresh-request';
import { syncPullRequestJob } from './sync-pull-request';
import { syncRepositoryJob } from './sync-repository';
import { updateTrackerJob } from './update-tracker';

export const jobs: { [Name in JobName]: Job<Name> } = {
  'open-pull-request': openPullRequestJob,
  'update-tracker': updateTrackerJob,
  'cancel-request': cancelRequestJob,
  'sync-pull-request': syncPullRequestJob,
  'refresh-request': refreshRequestJob,
  reconcile: reconcileJob,
  'sync-repository': syncRepositoryJob,
  'process-webhook': processWebhookJob,
  expire: expireJob,
  'probe-ports': probePortsJob,
};

/** Crontab of graphile-worker: each minute, one waiting at the most, in the same queue as those that are asked for; ports are tried every five, one run after the other. */
export const crontab = `
* * * * * reconcile ?jobKey=reconcile&max=3
* * * * * sync-repository ?jobKey=sync-repository&max=3&queue=${jobQueues['sync-repository']}
* * * * * expire ?jobKey=expire&max=3
*/5 * * * * probe-ports ?jobKey=probe-ports&max=1&queue=${jobQueues['probe-ports']}
`;
