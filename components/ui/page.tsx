/** The frame of a page that is a document: crumbs, title, what it is about, what can be done, and its columns. */
import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';

export interface Crumb {
  label: string;
  href?: string;
}

export function Page({ children }: { children: ReactNode }) {
  return (
    <div className="flex-1 bg-surface">
      <div className="mx-auto w-full max-w-[1400px] px-6 pt-5 pb-14 max-md:p-4">{children}</div>
    </div>
  );
}

export function PageHead({
  crumbs = [],
  title,
  marks,
  lede,
  actions,
}: {
  crumbs?: readonly Crumb[];
  title: ReactNode;
  /** Pills behind the title. */
  marks?: ReactNode;
  lede?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <>
      {crumbs.length > 0 ? (
        <nav aria-label="Where you are" className="mb-1.5 flex gap-1.5 text-12 text-ink-3">
          {crumbs.map((crumb, index) => (
            <Fragment key={crumb.label}>
              {index > 0 ? <span aria-hidden="true">/</span> : null}
              {crumb.href ? (
                <Link href={crumb.href} className="hover:text-ink hover:underline">
                  {crumb.label}
                </Link>
              ) : (
                <span>{crumb.label}</span>
              )}
            </Fragment>
          ))}
        </nav>
      ) : null}
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 max-md:basis-full">
          <div className="flex flex-wrap items-center gap-2.5">
            <h1 className="min-w-0 text-20 font-semibold tracking-[-.015em] wrap-anywhere">{title}</h1>
            {marks}
          </div>
          {lede ? <div className="mt-[3px] max-w-[90ch] text-ink-2">{lede}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
    </>
  );
}

/** Main column and a side column of 392 px; one below the other on narrow screens. */
export function PageColumns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-7 min-[1000px]:grid-cols-[minmax(0,1fr)_392px]">
      <div className="min-w-0">{children}</div>
      <aside className="min-w-0" aria-label="Details">
        {side}
      </aside>
    </div>
  );
}
