/** What waits for an operator, oldest first: how long, what it changes, how its checks went, where to review it. */
import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import type { ReviewItem } from '@/lib/requests/views';
import { buttonClass } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/relative-time';
import { CheckFigures } from './check-figures';

/** After a working day somebody should have looked. */
const LONG_SECONDS = 24 * 3600;

export function ReviewTable({ items }: { items: readonly ReviewItem[] }) {
  return (
    <table className="dense">
      <thead>
        <tr>
          <th scope="col" className="w-[92px]">
            Waiting
          </th>
          <th scope="col">What</th>
          <th scope="col" className="w-[120px] max-md:hidden">
            Owner
          </th>
          <th scope="col" className="w-[150px] max-lg:hidden">
            Requested by
          </th>
          <th scope="col" className="w-[180px] max-lg:hidden">
            Ports
          </th>
          <th scope="col" className="w-[130px] max-md:hidden">
            Change
          </th>
          <th scope="col" className="w-[150px] max-md:hidden">
            Checks
          </th>
          <th scope="col" className="w-[176px] max-md:w-[104px]">
            Review
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <td className={item.waitingSeconds > LONG_SECONDS ? 'text-warn-ink' : 'text-ink-2'}>
              <RelativeTime at={item.reviewSince ?? item.createdAt} form="age" />
            </td>
            <td>
              <Link
                href={`/requests/${item.id}`}
                prefetch={false}
                data-row-link
                className="font-medium outline-offset-0"
              >
                {item.title}
              </Link>
              <span className="ml-2.5 text-ink-3">Request {item.id}</span>
            </td>
            <td className="text-ink-2 max-md:hidden">{item.owner}</td>
            <td className="text-ink-2 max-lg:hidden">{item.requester.name}</td>
            <td className="mono text-ink-2 max-lg:hidden">{item.ports.join(' · ').replaceAll('-', '–')}</td>
            <td className="text-12 text-ink-3 max-md:hidden">
              {item.files} {item.files === 1 ? 'file' : 'files'}{' '}
              <span className="mono text-add-ink">+{item.added}</span>
            </td>
            <td className="max-md:hidden">
              <CheckFigures checks={item.checks} />
            </td>
            <td>
              {item.pull ? (
                <a className={buttonClass({ size: 'sm' })} href={item.pull.url} target="_blank" rel="noreferrer">
                  <span className="max-md:sr-only">Pull request</span> {item.pull.number}
                  <ArrowUpRight aria-hidden="true" className="size-3 text-ink-3" />
                </a>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
