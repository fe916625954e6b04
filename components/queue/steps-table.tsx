/** Steps of requests that do not get on, with why, and a retry for each. */
import Link from 'next/link';
import type { ReactNode } from 'react';
import { RelativeTime } from '@/components/ui/relative-time';
import type { TroubledStep } from '@/lib/requests/views';

export function StepsTable({
  steps,
  retry,
}: {
  steps: readonly TroubledStep[];
  retry: ((step: TroubledStep) => ReactNode) | undefined;
}) {
  return (
    <table className="dense" data-inline>
      <thead>
        <tr>
          <th scope="col" className="w-[210px] max-md:w-[38%]">
            Step
          </th>
          <th scope="col">Why</th>
          <th scope="col" className="w-[84px] max-md:hidden">
            Tries
          </th>
          <th scope="col" className="w-[124px] max-md:hidden">
            Next
          </th>
          <th scope="col" className="w-[116px] max-md:hidden">
            <span className="sr-only">Retry</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={`${step.requestId} ${step.name}`} className="wraps">
            <td>
              {step.title}{' '}
              <Link href={`/requests/${step.requestId}`} prefetch={false} data-row-link className="link">
                request {step.requestId}, {step.serviceName}
              </Link>
              {/* On a phone the reason needs the width. */}
              {retry ? <div className="mt-1.5 flex md:hidden">{retry(step)}</div> : null}
            </td>
            <td className={step.waitsForPerson ? 'text-bad-ink' : 'text-ink-2'}>
              {step.error}
              {step.reference === undefined ? null : (
                <span className="mono ml-1.5 text-12 text-ink-3">{step.reference}</span>
              )}
            </td>
            <td className="text-ink-3 max-md:hidden">
              {step.attempts} of {step.maxAttempts}
            </td>
            <td className="text-ink-2 max-md:hidden">
              {step.nextAttemptAt === undefined ? (
                'When somebody asks'
              ) : (
                <RelativeTime at={step.nextAttemptAt} form="due" />
              )}
            </td>
            <td className="text-right max-md:hidden">{retry?.(step)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
