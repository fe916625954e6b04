/** A real checkbox, drawn in ink. The label and what stands behind it (a count) are part of the target. */
import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';

export function Checkbox({
  children,
  trailing,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'type' | 'children'> & { children: ReactNode; trailing?: ReactNode }) {
  return (
    <label
      className={clsx(
        'flex min-h-6 min-w-0 items-center gap-2 text-ink-2 has-checked:font-medium has-checked:text-ink',
        'has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus',
        className,
      )}
    >
      <span className="relative grid size-[13px] shrink-0 place-items-center">
        <input
          type="checkbox"
          className="peer size-[13px] appearance-none rounded-[3px] border border-line-control bg-surface outline-none checked:border-ink checked:bg-ink disabled:opacity-55"
          {...rest}
        />
        <svg
          aria-hidden="true"
          viewBox="0 0 16 16"
          className="pointer-events-none absolute hidden size-[9px] fill-none stroke-surface stroke-[2.5] peer-checked:block"
        >
          <path d="m3 8.5 3.5 3.500L13 4.500" />
        </svg>
      </span>
      <span className="min-w-0 truncate">{children}</span>
      {trailing === undefined ? null : <span className="ml-auto text-12 font-normal text-ink-3">{trailing}</span>}
    </label>
  );
}
