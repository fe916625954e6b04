/** A short state in a hairline, never filled. `promised` is dashed: asked for, not there yet. Two on a row at most. */
import clsx from 'clsx';
import type { ComponentProps } from 'react';

export type PillTone = 'plain' | 'promised' | 'warn' | 'bad' | 'ok';

/** Classes of a pill, for a link that is one. */
export function pillClass({ tone = 'plain', large = false }: { tone?: PillTone; large?: boolean } = {}): string {
  return clsx(
    'inline-flex shrink-0 items-center gap-[5px] rounded-2 border align-[1px] font-medium whitespace-nowrap',
    large ? 'h-[22px] px-2 text-12' : 'h-[18px] px-1.5 text-11 leading-none',
    {
      plain: 'border-line-strong text-ink-2',
      promised: 'border-dashed border-accent text-accent',
      warn: 'border-line-strong text-warn-ink',
      bad: 'border-line-strong text-bad-ink',
      ok: 'border-line-strong text-ok-ink',
    }[tone],
  );
}

export function Pill({
  tone,
  large,
  className,
  ...rest
}: { tone?: PillTone; large?: boolean } & ComponentProps<'span'>) {
  return <span className={clsx(pillClass({ tone, large }), className)} {...rest} />;
}
