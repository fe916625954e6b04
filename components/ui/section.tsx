/** A titled part of a page: heading, a quiet note, what stands at the right, a hairline. */
import type { ReactNode } from 'react';

export function Section({
  title,
  note,
  more,
  id,
  children,
}: {
  title: string;
  note?: ReactNode;
  more?: ReactNode;
  id?: string;
  children: ReactNode;
}) {
  return (
    <section id={id} className="mt-7 first:mt-0">
      <header className="flex min-h-[30px] items-center gap-2.5 border-b border-line-strong pb-[5px]">
        <h2 className="font-semibold">{title}</h2>
        {note ? <span className="min-w-0 truncate text-12 text-ink-3">{note}</span> : null}
        {more ? <span className="ml-auto flex shrink-0 items-center gap-1.5 text-12 text-ink-3">{more}</span> : null}
      </header>
      {children}
    </section>
  );
}
