'use client';
/** One step after the merge with its box to tick; shown as ticked at once, and taken back with the reason where that is refused. */
import { useRouter } from 'next/navigation';
import { useId, useOptimistic, useState, useTransition, type ReactNode } from 'react';
import type { ActionResult } from '@/lib/http/action';

export function FollowUpTick({
  title,
  done,
  tick,
  children,
}: {
  title: string;
  done: boolean;
  tick: (done: boolean) => Promise<ActionResult<null>>;
  /** What stands under the title, whether done or not. */
  children: ReactNode;
}) {
  const router = useRouter();
  const id = useId();
  const [pending, start] = useTransition();
  const [shown, show] = useOptimistic(done);
  const [problem, setProblem] = useState<string>();
  return (
    <>
      <span className="relative grid size-5 place-items-center">
        <input
          id={id}
          type="checkbox"
          checked={shown}
          aria-busy={pending}
          className="peer size-[15px] appearance-none rounded-[3px] border border-line-control bg-surface focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-focus checked:border-ink checked:bg-ink"
          onChange={(event) => {
            const wanted = event.target.checked;
            start(async () => {
              show(wanted);
              const result = await tick(wanted);
              setProblem(result.ok ? undefined : result.problem.detail);
              router.refresh();
            });
          }}
        />
        <svg
          aria-hidden="true"
          viewBox="0 0 16 16"
          className="pointer-events-none absolute hidden size-[11px] fill-none stroke-surface stroke-[2.5] peer-checked:block"
        >
          <path d="m3 8.5 3.5 3.500L13 4.500" />
        </svg>
      </span>
      <div>
        <label htmlFor={id} className={shown ? 'text-ink-3 line-through decoration-line-control' : undefined}>
          {title}
        </label>
        {children}
        <p role="status" className="text-12 text-bad-ink empty:hidden">
          {problem}
        </p>
      </div>
    </>
  );
}
