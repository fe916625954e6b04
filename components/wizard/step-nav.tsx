'use client';
/** The eight steps with their URLs: done is solid, ahead is dashed, the current one wears the accent. */
import clsx from 'clsx';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { wizardSteps } from '@/lib/wizard/steps/index';

interface Props {
  name: string;
  /** What the steps lead to: `New service`, `Change`. */
  kind: string;
  current: string;
  /** Steps whose fields are all settled. */
  settled: ReadonlySet<string>;
  hrefOf: (step: string) => string;
  go: (step: string) => void;
  aside: ReactNode;
}

export function StepNav({ name, kind, current, settled, hrefOf, go, aside }: Props) {
  const index = wizardSteps.findIndex((step) => step.name === current);
  return (
    <nav
      aria-label="Steps"
      className="flex h-[42px] shrink-0 items-stretch border-b border-line bg-canvas px-5 max-md:h-11 max-md:px-4"
    >
      <div className="mr-1.5 flex min-w-0 items-center gap-2 border-line pr-[18px] whitespace-nowrap md:border-r">
        <span className="text-ink-3 max-xl:hidden">{kind} /</span>
        <b className="max-w-56 truncate font-semibold">{name || kind}</b>
      </div>
      <span className="ml-auto flex items-center whitespace-nowrap text-ink-2 lg:hidden">
        Step {index + 1} of {wizardSteps.length}
        <span className="max-md:hidden">: {wizardSteps[index]?.title}</span>
      </span>
      <ol className="flex max-lg:hidden">
        {wizardSteps.map((step, at) => (
          <li key={step.name} className="flex">
            <a
              href={hrefOf(step.name)}
              aria-current={step.name === current ? 'step' : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                go(step.name);
              }}
              className={clsx(
                'relative flex items-center gap-[7px] px-[9px] whitespace-nowrap hover:text-ink',
                step.name === current
                  ? 'font-medium text-ink after:absolute after:inset-x-[9px] after:-bottom-px after:h-0.5 after:bg-accent'
                  : settled.has(step.name) && at < index
                    ? 'text-ink-2'
                    : 'text-ink-3',
              )}
            >
              <StepMark
                number={at + 1}
                state={step.name === current ? 'current' : settled.has(step.name) && at < index ? 'done' : 'ahead'}
              />
              {step.title}
            </a>
          </li>
        ))}
      </ol>
      <div className="ml-auto flex items-center gap-2 pl-3 text-12 whitespace-nowrap text-ink-3 max-lg:ml-3">
        {aside}
      </div>
    </nav>
  );
}

function StepMark({ number, state }: { number: number; state: 'current' | 'done' | 'ahead' }) {
  return (
    <span
      className={clsx(
        'mono grid size-4 place-items-center rounded-full border leading-none',
        state === 'current' && 'border-accent text-accent',
        state === 'done' && 'border-ink-2 text-ink-2',
        state === 'ahead' && 'border-dashed border-line-control',
      )}
    >
      {state === 'done' ? (
        <>
          <Check aria-hidden="true" strokeWidth={2.2} className="size-2.5" />
          <span className="sr-only">Settled: </span>
        </>
      ) : (
        number
      )}
    </span>
  );
}
