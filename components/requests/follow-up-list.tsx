/** What people do after the merge, in order, with who has done it. Whoever may tick gets boxes; others see the numbers. */
import type { ActionResult } from '@/lib/http/action';
import type { FollowUpView } from '@/lib/requests/views';
import { MonoCommand } from '@/components/ui/mono-command';
import { RelativeTime } from '@/components/ui/relative-time';
import { Section } from '@/components/ui/section';
import { FollowUpTick } from './follow-up-tick';

/** Binds a step's key to the action that ticks it; undefined where this person may not. */
export type TickStep = ((key: string) => (done: boolean) => Promise<ActionResult<null>>) | undefined;

/** The list under its heading, with how far people are. */
export function FollowUpSection({ steps, tick }: { steps: readonly FollowUpView[]; tick: TickStep }) {
  const done = steps.filter((step) => step.done).length;
  return (
    <Section
      title="After the merge"
      note="by people, in this order"
      more={done === steps.length ? 'all done' : `${done} of ${steps.length} done`}
    >
      <FollowUpList steps={steps} tick={tick} />
    </Section>
  );
}

/** The steps in their order. */
export function FollowUpList({ steps, tick }: { steps: readonly FollowUpView[]; tick: TickStep }) {
  return (
    <ol>
      {steps.map((step, index) => (
        <li key={step.key} className="grid grid-cols-[22px_minmax(0,1fr)] gap-x-2 border-b border-line py-[9px]">
          {tick ? (
            <FollowUpTick title={step.title} done={step.done !== undefined} tick={tick(step.key)}>
              <FollowUpBody step={step} />
            </FollowUpTick>
          ) : (
            <>
              <span className="mono leading-5 text-ink-3">{step.done ? '✓' : index + 1}</span>
              <div>
                {step.title}
                <FollowUpBody step={step} />
              </div>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}

function FollowUpBody({ step }: { step: FollowUpView }) {
  if (step.done)
    return (
      <p className="text-12 text-ink-3">
        Done by {step.done.by}, <RelativeTime at={step.done.at} />
      </p>
    );
  return (
    <>
      {step.detail ? <p className="text-12 text-ink-3">{step.detail}</p> : null}
      {step.command ? <MonoCommand command={step.command} /> : null}
    </>
  );
}
