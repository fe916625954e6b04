/** What a job is: its contract's input in, nothing out. Throwing means: again later. */
import type { JobInput, JobName } from '@/lib/queue/contracts';

export type Job<Name extends JobName> = (input: JobInput<Name>) => Promise<void>;
