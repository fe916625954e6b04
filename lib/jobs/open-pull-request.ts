/** The job `open-pull-request`; its contract says what it is for. */
import { openPullRequest } from '@/lib/workflows/open-pull-request';
import type { Job } from './job';

export const openPullRequestJob: Job<'open-pull-request'> = (input) => openPullRequest(input.requestId);
