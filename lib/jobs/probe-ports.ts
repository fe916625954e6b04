/** The job `probe-ports`; its contract says what it is for. */
import { probePorts } from '@/lib/workflows/probe-ports';
import type { Job } from './job';

export const probePortsJob: Job<'probe-ports'> = () => probePorts();
