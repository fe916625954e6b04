/** The job `cancel-request`; its contract says what it is for. */
import { cancelOnGitHub } from '@/lib/workflows/cancel-request';
import type { Job } from './job';

export const cancelRequestJob: Job<'cancel-request'> = (input) => cancelOnGitHub(input.requestId);
