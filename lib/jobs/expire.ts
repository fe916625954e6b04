/** The job `expire`; its contract says what it is for. */
import { expire } from '@/lib/workflows/expire';
import type { Job } from './job';

export const expireJob: Job<'expire'> = () => expire();
