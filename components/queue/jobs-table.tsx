/** The jobs of the queue: those that failed first, then those that run, then by the time they are due. */
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Pill } from '@/components/ui/pill';
import { RelativeTime } from '@/components/ui/relative-time';
import type { JobView } from '@/lib/queue/views';
import { isRetryable, jobStateWords, jobTitle } from './job-words';

const tones = { running: 'ok', waiting: 'plain', again: 'warn', failed: 'bad' } as const;

export function JobsTable({
  jobs,
  retry,
}: {
  jobs: readonly JobView[];
  /** A button for this job; absent where the person may not. */
  retry: ((job: JobView) => ReactNode) | undefined;
}) {
  const mayRetry = retry !== undefined && jobs.some(isRetryable);
  return (
    <table className="dense" data-inline>
      <thead>
        <tr>
          <th scope="col" className="w-[104px] max-md:w-[92px]">
            State
          </th>
          <th scope="col">Job</th>
          <th scope="col" className="w-[104px] max-md:hidden">
            Tries
          </th>
          <th scope="col" className="w-[110px] max-md:w-[76px]">
            When
          </th>
          {mayRetry ? (
            <th scope="col" className="w-[116px] max-md:w-[104px]">
              <span className="sr-only">Retry</span>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr key={job.id} className="wraps">
            <td>
              <Pill tone={tones[job.state]}>{jobStateWords[job.state]}</Pill>
            </td>
            <td>
              {job.requestId === undefined ? (
                jobTitle(job.name)
              ) : (
                <>
                  {jobTitle(job.name)}{' '}
                  <Link
                    href={`/requests/${job.requestId}`}
                    prefetch={false}
                    data-row-link
                    className="link whitespace-nowrap"
                  >
                    request {job.requestId}
                  </Link>
                </>
              )}
              {job.error === undefined ? null : <p className="text-12 text-bad-ink">{job.error}</p>}
            </td>
            <td className="text-ink-3 max-md:hidden">
              {job.attempts === 0 ? '' : `${job.attempts} of ${job.maxAttempts}`}
            </td>
            <td className="text-ink-2">
              {job.state === 'failed' ? null : (
                <RelativeTime at={job.at} form={job.state === 'running' ? 'age' : 'due'} />
              )}
            </td>
            {mayRetry ? <td className="text-right">{isRetryable(job) ? retry?.(job) : null}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
