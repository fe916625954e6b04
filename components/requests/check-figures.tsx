/** Checks in figures: quiet while all is well. */
import type { CheckCounts } from '@/lib/requests/views';

export function CheckFigures({ checks }: { checks: CheckCounts }) {
  return (
    <span className="text-12 text-ink-3">
      {checks.pass} pass
      {checks.fail > 0 ? <span className="text-bad-ink"> · {checks.fail} fail</span> : null}
      {checks.warn > 0 ? (
        <span className="text-warn-ink">
          {' '}
          · {checks.warn} {checks.warn === 1 ? 'finding' : 'findings'}
        </span>
      ) : null}
    </span>
  );
}
