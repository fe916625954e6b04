/** Requests, newest first. */
import Link from 'next/link';
import { stateLabel } from '@/lib/requests/states';
import type { RequestSummary } from '@/lib/requests/views';
import { Pill } from '@/components/ui/pill';
import { RelativeTime } from '@/components/ui/relative-time';
import { CheckFigures } from './check-figures';
import { StatePill } from './state-pill';

export function RequestTable({ requests }: { requests: readonly RequestSummary[] }) {
  return (
    <table className="dense">
      <thead>
        <tr>
          <th scope="col" className="w-[72px]">
            Number
          </th>
          <th scope="col">What</th>
          <th scope="col" className="w-[172px] max-md:w-[136px]">
            State
          </th>
          <th scope="col" className="w-[150px] max-md:hidden">
            Requested by
          </th>
          <th scope="col" className="w-[190px] max-lg:hidden">
            Ports
          </th>
          <th scope="col" className="w-[150px] max-lg:hidden">
            Checks
          </th>
          <th scope="col" className="w-[130px] max-md:hidden">
            Pull request
          </th>
          <th scope="col" className="w-[110px] text-right max-md:hidden">
            Requested
          </th>
        </tr>
      </thead>
      <tbody>
        {requests.map((request) => (
          <tr key={request.id}>
            <td className="text-ink-3">{request.id}</td>
            <td title={request.failure}>
              <Link
                href={`/requests/${request.id}`}
                prefetch={false}
                data-row-link
                className="font-medium outline-offset-0"
              >
                {request.title}
              </Link>
              {request.failure ? <span className="ml-2.5 text-ink-3">{request.failure}</span> : null}
            </td>
            <td>
              <span className="flex items-center gap-1.5">
                <StatePill state={request.state} label={request.cancelling ? 'Cancelling' : stateLabel(request)} />
                {request.owedCount > 0 ? <Pill tone="warn">{request.owedCount} owed</Pill> : null}
              </span>
            </td>
            <td className="text-ink-2 max-md:hidden">{request.requester.name}</td>
            <td className="mono text-ink-2 max-lg:hidden">{request.ports.join(' · ').replaceAll('-', '–')}</td>
            <td className="max-lg:hidden">
              <CheckFigures checks={request.checks} />
            </td>
            <td className="max-md:hidden">
              {request.pull ? (
                <a className="link" href={request.pull.url} target="_blank" rel="noreferrer">
                  {request.pull.number}
                </a>
              ) : null}
            </td>
            <td className="text-right text-ink-3 max-md:hidden">
              <RelativeTime at={request.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
