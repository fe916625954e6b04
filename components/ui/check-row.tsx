/** One check: mark, name, what was compared; its output opens in place (`details`, so it works before any script runs). */
import clsx from 'clsx';
import { Ban, Check, ChevronRight, Minus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export type CheckMark = 'pass' | 'fail' | 'warn' | 'not-run';

const looks = {
  pass: { Icon: Check, ink: 'text-ok-ink', said: 'Passes' },
  fail: { Icon: Ban, ink: 'text-bad-ink', said: 'Fails' },
  warn: { Icon: TriangleAlert, ink: 'text-warn-ink', said: 'Finding' },
  'not-run': { Icon: Minus, ink: 'text-ink-3', said: 'Not run' },
} as const;

export function CheckRow({
  status,
  name,
  summary,
  time,
  detail,
  open = false,
}: {
  status: CheckMark;
  name: string;
  /** What was compared, with figures. */
  summary: ReactNode;
  time?: string;
  /** The output; without it the row does not open. */
  detail?: string;
  open?: boolean;
}) {
  const { Icon, ink, said } = looks[status];
  const row = (
    <>
      <Icon aria-hidden="true" strokeWidth={2.2} className={clsx('size-3.5 shrink-0', ink)} />
      <span className="sr-only">{said}:</span>
      <span className="min-w-0 shrink-0 truncate max-md:shrink">{name}</span>
      <span
        className="ml-auto min-w-0 truncate text-12 text-ink-3 max-md:hidden"
        title={typeof summary === 'string' ? summary : undefined}
      >
        {summary}
      </span>
      {time ? <span className="w-14 shrink-0 text-right text-12 text-ink-3 max-md:ml-auto">{time}</span> : null}
    </>
  );
  const rowClass = 'flex min-h-(--h-row) items-center gap-2.5 border-b border-line';
  if (!detail) {
    return (
      <div className={rowClass}>
        {row}
        <span className="w-3 shrink-0" />
      </div>
    );
  }
  return (
    <details className="group @container" open={open}>
      <summary className={clsx(rowClass, 'hover:bg-hover')}>
        {row}
        <ChevronRight aria-hidden="true" className="size-3 shrink-0 text-ink-3 group-open:rotate-90" />
      </summary>
      <div className="my-2 mb-2.5 ml-[26px] max-md:ml-0">
        <p className="mb-1.5 text-12 text-ink-2 @2xl:hidden">{summary}</p>
        <pre
          tabIndex={0}
          className="mono max-h-96 overflow-auto rounded-3 border border-line bg-sunken px-3 py-2 leading-[19px] text-ink-2 max-md:whitespace-pre-wrap"
        >
          {detail}
        </pre>
      </div>
    </details>
  );
}
