/** Beside the queue: which workers live, and what the systems outside still take. */
import type { ReactNode } from 'react';
import { Facts } from '@/components/ui/facts';
import { HealthMark } from '@/components/ui/health-mark';
import { Note } from '@/components/ui/note';
import { RelativeTime } from '@/components/ui/relative-time';
import { Section } from '@/components/ui/section';
import type { BudgetView, PauseView, TurnsView, WorkerView } from '@/lib/queue/views';

export function WorkersSection({ workers }: { workers: readonly WorkerView[] }) {
  return (
    <Section id="workers" title="Workers" more={workers.length === 0 ? undefined : `${workers.length} alive`}>
      {workers.length === 0 ? (
        <Note tone="bad">
          No worker lives: nothing of the queue is worked on. Start one; its log says why the last one ended.
        </Note>
      ) : (
        <ul>
          {workers.map(({ connection, since, address, running }) => (
            <li key={connection} className="flex min-h-[31px] items-center gap-2 border-b border-line">
              <HealthMark health="healthy" size={8} label="Alive" />
              <span className="min-w-0 truncate">{address ?? 'beside the database'}</span>
              <span className="mono text-12 text-ink-3">{connection}</span>
              <span className="ml-auto shrink-0 text-12 text-ink-3">
                {running > 0 ? `${running} ${running === 1 ? 'job' : 'jobs'}, ` : ''}
                <RelativeTime at={since} form="age" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function LimitsSection({
  pauses,
  budgets,
  turns,
  writesPerHour,
  lift,
}: {
  pauses: readonly PauseView[];
  budgets: readonly BudgetView[];
  turns: TurnsView;
  /** How many writing requests Slipway sends in an hour; undefined where GitHub does not limit them. */
  writesPerHour: number | undefined;
  /** A button that ends a system's pause; absent where the person may not. */
  lift: ((system: string) => ReactNode) | undefined;
}) {
  const facts = [
    ...budgets.map(({ system, resource, remaining, limit, resetAt, seenAt }) => ({
      label: `${system}${resource === 'core' ? '' : `, ${resource}`}`,
      value: <Budget {...{ remaining, limit, resetAt, seenAt }} />,
    })),
    {
      label: 'Changes sent',
      value:
        writesPerHour === undefined ? (
          <span className="text-ink-3">not limited here</span>
        ) : (
          `${turns.writesInHour} of ${writesPerHour} in the last hour`
        ),
    },
    ...(turns.waiting > 0
      ? [
          {
            label: 'In the row',
            value: (
              <>
                {turns.waiting} {turns.waiting === 1 ? 'step' : 'steps'}
                {turns.lastAt === undefined ? null : (
                  <>
                    , the last <RelativeTime at={turns.lastAt} form="due" />
                  </>
                )}
              </>
            ),
          },
        ]
      : []),
  ];
  return (
    <Section id="limits" title="Limits" note="of the systems outside">
      {pauses.map(({ system, scope, until, reason }) => (
        <Note key={`${system} ${scope}`} tone="warn" action={lift?.(system)}>
          <p>
            {reason}. {scope === 'all' ? 'Nothing is asked' : 'Nothing is written'} until then; {system} is asked again{' '}
            <RelativeTime at={until} form="due" />.
          </p>
        </Note>
      ))}
      <Facts facts={facts} />
    </Section>
  );
}

function Budget({ remaining, limit, resetAt, seenAt }: Omit<BudgetView, 'system' | 'resource'>) {
  const share = limit === 0 ? 0 : remaining / limit;
  return (
    <>
      <span className={share < 0.1 ? 'text-warn-ink' : undefined}>
        {remaining} of {limit} left
      </span>
      <svg aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none" className="my-1 block h-1 w-full">
        <rect width={100} height={1} className="fill-press" />
        <rect width={100 * share} height={1} className={share < 0.1 ? 'fill-warn' : 'fill-ok'} />
      </svg>
      <span className="text-12 text-ink-3">
        full again <RelativeTime at={resetAt} form="due" />, as of <RelativeTime at={seenAt} />
      </span>
    </>
  );
}
