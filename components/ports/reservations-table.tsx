/** The ports that requests have: held until a lease ends, reserved while the pull request is open, active once main has them. */
import Link from 'next/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ReservationView } from '@/lib/ports/views';

export function ReservationsTable({ reservations }: { reservations: readonly ReservationView[] }) {
  return (
    <table className="dense" data-inline>
      <thead>
        <tr>
          <th scope="col" className="w-[150px] max-md:w-1/3">
            Port
          </th>
          <th scope="col" className="w-[180px] max-md:w-1/3">
            State
          </th>
          <th scope="col">Service</th>
          <th scope="col" className="w-[140px] max-md:hidden">
            Pool
          </th>
          <th scope="col" className="w-[120px] max-md:hidden">
            Request
          </th>
        </tr>
      </thead>
      <tbody>
        {reservations.map(({ id, text, state, service, portName, pool, requestId, leaseUntil }) => (
          <tr key={id}>
            <td className="mono">{text}</td>
            <td className={state === 'active' ? undefined : 'text-accent'}>
              {state === 'held' ? 'Held' : state === 'reserved' ? 'Reserved' : 'Active'}
              {leaseUntil ? (
                <span className="text-12 text-ink-3">
                  , ends <RelativeTime at={leaseUntil} />
                </span>
              ) : null}
            </td>
            <td>
              <Link href={`/services/${encodeURIComponent(service)}`} className="link">
                {service}
              </Link>{' '}
              <span className="text-12 text-ink-3">{portName}</span>
            </td>
            <td className="text-ink-2 max-md:hidden">{pool ?? ''}</td>
            <td className="max-md:hidden">
              {requestId === undefined ? null : (
                <Link href={`/requests/${requestId}`} className="link">
                  request {requestId}
                </Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
