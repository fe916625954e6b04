/** The worker process: `tsx lib/jobs/worker.ts`. SIGTERM or SIGINT ends it after the jobs that are running; a second signal ends it at once. */
import { db } from '@/lib/db';
import { env, EnvironmentError } from '@/lib/env';
import { log } from '@/lib/log';
import { runWorker } from './run-worker';

try {
  env();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exit(2);
}

const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(1);
    log('worker').info({ signal: name }, 'finishing what is running');
    stop.abort();
  });
}

// For whoever started this process; the log may be set to say less.
await runWorker(stop.signal, () => process.stdout.write('{"ready":true}\n'));
await db().$disconnect();
log('worker').info('stopped');
