/** The job `update-tracker`; its contract says what it is for. */
import { updateTracker } from '@/lib/workflows/update-tracker';
import type { Job } from './job';

export const updateTrackerJob: Job<'update-tracker'> = (input) => updateTracker(input.requestId);
