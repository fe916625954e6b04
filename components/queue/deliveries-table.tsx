/** Webhook deliveries as they came in: what, when, and what was made of each. */
import { RelativeTime } from '@/components/ui/relative-time';
import { duration } from '@/components/ui/time';
import type { DeliveryView } from '@/lib/queue/views';

export function DeliveriesTable({ deliveries }: { deliveries: readonly DeliveryView[] }) {
  return (
    <table className="dense" data-inline>
      <thead>
        <tr>
          <th scope="col" className="w-[110px] max-md:w-[96px]">
            Received
          </th>
          <th scope="col" className="w-[230px] max-md:w-auto">
            Event
          </th>
          <th scope="col">Outcome</th>
          <th scope="col" className="w-[84px] text-right max-md:hidden">
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map(({ id, event, receivedAt, processedAt, outcome }) => (
          <tr key={id}>
            <td className="text-ink-3">
              <RelativeTime at={receivedAt} />
            </td>
            <td className="mono" title={`Delivery ${id}`}>
              {event}
            </td>
            <td className={processedAt === undefined ? 'text-warn-ink' : 'text-ink-2'} title={outcome}>
              {processedAt === undefined ? 'Waits for a worker' : outcome}
            </td>
            <td className="text-right text-ink-3 max-md:hidden">
              {processedAt === undefined ? '' : duration(Date.parse(processedAt) - Date.parse(receivedAt))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
