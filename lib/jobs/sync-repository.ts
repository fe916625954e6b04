/** The job `sync-repository`; its contract says what it is for. */
import { syncRepository } from '@/lib/workflows/sync-repository';
import type { Job } from './job';

export const syncRepositoryJob: Job<'sync-repository'> = () => syncRepository();
