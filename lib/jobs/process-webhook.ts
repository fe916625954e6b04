/** The job `process-webhook`; its contract says what it is for. */
import { processWebhook } from '@/lib/workflows/process-webhook';
import type { Job } from './job';

export const processWebhookJob: Job<'process-webhook'> = (input) => processWebhook(input.deliveryId);
