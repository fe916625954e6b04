/** The page's lines before its words have come. Quiet for screen readers: the page around it says that it loads. */
import clsx from 'clsx';

export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={clsx('block h-3 animate-[breathe_1.6s_ease-in-out_infinite] rounded-1 bg-press', className)}
    />
  );
}

/** Rows of a table to come. */
export function SkeletonRows({ rows, widths }: { rows: number; widths: readonly string[] }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-(--h-row) items-center gap-4 border-b border-line px-4">
          {widths.map((width, column) => (
            <span key={column} style={{ width }} className="shrink-0 max-md:not-first:hidden">
              <Skeleton className={row % 3 === 1 ? 'w-3/5' : 'w-4/5'} />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Wraps a skeleton page so that it says once that it loads. */
export function Loading({ what, children }: { what: string; children: React.ReactNode }) {
  return (
    <div aria-busy="true">
      <p role="status" className="sr-only">
        Loading {what}
      </p>
      {children}
    </div>
  );
}
