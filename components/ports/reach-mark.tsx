/** Whether something answers at an active port, in words: nothing where its host is not probed. */
import { RelativeTime } from '@/components/ui/relative-time';
import type { Reach } from '@/lib/ports/views';

const silence = { refused: 'refused', timeout: 'no answer', unreachable: 'no way to it' } as const;

export function ReachMark({ reach }: { reach: Reach | undefined }) {
  switch (reach?.kind) {
    case undefined:
      return null;
    case 'awaited':
      return <span className="text-12 text-ink-3">not probed yet</span>;
    case 'not-probed':
      return (
        <span className="text-12 text-ink-3" title={reach.why}>
          not probed
        </span>
      );
    case 'probed':
      return reach.outcome === 'reachable' ? (
        <span className="text-12 text-ink-3">answers</span>
      ) : (
        <span className="text-12 text-warn-ink">
          {silence[reach.outcome]} for <RelativeTime at={reach.since} form="age" />
        </span>
      );
  }
}
