/** The ports that requests and operators have: held until a lease ends, reserved while the pull request is open or until released, active once main has them. */
import Link from 'next/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ReservationView } from '@/lib/ports/views';
import { ReleaseButton, type PortActions } from './finding-actions';
import { ReachMark } from './reach-mark';

export function ReservationsTable({
  reservations,
  release,
}: {
  reservations: readonly ReservationView[];
  /** For operators. */
  release: PortActions['release'] | undefined;
}) {
  return (
    <table className="dense" data-inline>
      <thead>
        <tr>
          <th scope="col" className="w-[150px] max-md:w-[82px]">
            Port
          </th>
          <th scope="col" className="w-[180px] max-md:w-[84px]">
            State
          </th>
          <th scope="col">Service</th>
          <th scope="col" className="w-[140px] max-md:hidden">
            Pool
          </th>
          <th scope="col" className="w-[220px] max-md:hidden">
            By
          </th>
          {release ? (
            <th scope="col" className="w-[92px]">
              Do
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {reservations.map(({ id, text, state, service, portName, pool, leaseUntil, releasable, reach, ...by }) => (
          <tr key={id} className="wraps">
            <td className="mono wrap-anywhere">{text}</td>
            <td className={state === 'active' ? undefined : 'text-accent'}>
              {state === 'held' ? 'Held' : state === 'reserved' ? 'Reserved' : 'Active'}
              {leaseUntil ? (
                <span className="text-12 text-ink-3">
                  , ends <RelativeTime at={leaseUntil} />
                </span>
              ) : null}
              {reach ? (
                <span className="max-md:block">
                  {' '}
                  <ReachMark reach={reach} />
                </span>
              ) : null}
            </td>
            <td>
              {by.requestId === undefined ? (
                service
              ) : (
                <Link href={`/services/${encodeURIComponent(service)}`} className="link">
                  {service}
                </Link>
              )}{' '}
              <span className="text-12 text-ink-3">{portName}</span>
              {/* Apart from the link above, for fingers. */}
              <div className="mt-1 text-12 leading-6 md:hidden [&_a]:inline-block">
                <MadeBy {...by} />
              </div>
            </td>
            <td className="text-ink-2 max-md:hidden">{pool ?? ''}</td>
            <td className="wraps max-md:hidden">
              <MadeBy {...by} />
            </td>
            {release ? (
              <td>{releasable ? <ReleaseButton id={id} what={`${text} of ${service}`} release={release} /> : null}</td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MadeBy({
  requestId,
  reservedBy,
  reservedBecause,
}: Pick<ReservationView, 'requestId' | 'reservedBy' | 'reservedBecause'>) {
  if (requestId !== undefined)
    return (
      <Link href={`/requests/${requestId}`} className="link">
        request {requestId}
      </Link>
    );
  if (reservedBy === undefined) return null;
  return (
    <>
      {reservedBy}
      {reservedBecause === undefined ? null : <span className="text-12 text-ink-3">: {reservedBecause}</span>}
    </>
  );
}
