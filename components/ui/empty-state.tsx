/** What was asked, why nothing came, the ways out. The empty berths are drawn dashed: nothing is promised yet. */
import type { ReactNode } from 'react';

export function EmptyState({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 pt-16 pb-10 text-center text-ink-2">
      <div aria-hidden="true" className="mb-3.5 flex gap-0.5">
        {Array.from({ length: 9 }, (_, berth) => (
          <i key={berth} className="h-5 w-3 rounded-[1.5px] border border-dashed border-line-control" />
        ))}
      </div>
      <h2 className="text-14 font-semibold text-ink">{title}</h2>
      <p className="max-w-[62ch]">{children}</p>
      {actions ? <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
