/** The job `reconcile`; its contract says what it is for. */
import { reconcile } from '@/lib/workflows/reconcile';
import type { Job } from './job';

export const reconcileJob: Job<'reconcile'> = () => reconcile();
