/** A framed remark inside a page: what is owed, what failed, what somebody said. `action` stands at the right. */
import clsx from 'clsx';
import type { ReactNode } from 'react';

export function Note({
  tone = 'plain',
  action,
  children,
}: {
  tone?: 'plain' | 'warn' | 'bad';
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div
      className={clsx(
        'mt-1.5 mb-1 flex flex-wrap items-start gap-2.5 rounded-3 border py-[9px] pr-2.5 pl-3 text-ink-2',
        {
          plain: 'border-line-strong bg-surface',
          warn: 'border-(--warn-line) bg-warn-wash',
          bad: 'border-(--bad-line) bg-bad-wash',
        }[tone],
      )}
    >
      <div className="min-w-0 flex-1 wrap-anywhere">{children}</div>
      {action ? <div className="ml-auto flex gap-2">{action}</div> : null}
    </div>
  );
}
