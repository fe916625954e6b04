/** The job `sync-pull-request`; its contract says what it is for. */
import { syncPullRequest } from '@/lib/workflows/sync-pull-request';
import type { Job } from './job';

export const syncPullRequestJob: Job<'sync-pull-request'> = (input) => syncPullRequest(input.requestId);
