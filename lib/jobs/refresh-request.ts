/** The job `refresh-request`; its contract says what it is for. */
import { refreshRequest } from '@/lib/workflows/refresh-request';
import type { Job } from './job';

export const refreshRequestJob: Job<'refresh-request'> = (input) => refreshRequest(input.requestId);
