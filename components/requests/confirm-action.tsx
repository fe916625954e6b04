'use client';
/** A button for what cannot be taken back, or needs a reason: says first what it does, and does it once. */
import { useRouter } from 'next/navigation';
import { useState, useTransition, type ReactNode } from 'react';
import type { ActionResult } from '@/lib/http/action';
import { AnswerLine } from '@/components/ui/answer-line';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';

export function ConfirmAction({
  label,
  doing,
  title,
  consequences,
  keep,
  danger = false,
  reason: asked,
  small = false,
  act,
}: {
  /** On the button, and on the one that confirms. */
  label: string;
  /** On the button while it is being done: `Cancelling`. */
  doing: string;
  title: string;
  /** What follows, a line each. */
  consequences: readonly ReactNode[];
  /** Leaves everything as it is. */
  keep: string;
  danger?: boolean;
  /** Asks why, for whoever reads it later; without it nothing is asked. */
  reason?: { label: string; hint?: string };
  /** For the rows of a table. */
  small?: boolean;
  /** Given the reason, which is empty where none was asked for. */
  act: (reason: string) => Promise<ActionResult<null>>;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [pending, start] = useTransition();
  const [problem, setProblem] = useState<string>();
  const [reason, setReason] = useState('');

  function confirm() {
    if (pending) return;
    start(async () => {
      const result = await act(reason);
      if (result.ok) setOpen(false);
      setProblem(result.ok ? undefined : result.problem.detail);
      router.refresh();
    });
  }

  return (
    <>
      <Button
        {...(danger ? { variant: 'danger' as const } : {})}
        {...(small ? { size: 'sm' as const } : {})}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={title}
        description={
          <ul className="mt-2 list-disc pl-5">
            {consequences.map((line, index) => (
              <li key={index}>{line}</li>
            ))}
          </ul>
        }
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{keep}</Button>
            <Button variant={danger ? 'danger' : 'primary'} onClick={confirm} aria-disabled={pending}>
              {pending ? doing : label}
            </Button>
          </>
        }
      >
        {asked ? (
          <Field label={asked.label} hint={asked.hint} required className="mt-4">
            {(control) => (
              <Textarea
                {...control}
                value={reason}
                maxLength={500}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <AnswerLine answer={problem ? { tone: 'bad', text: problem } : undefined} />
      </Dialog>
    </>
  );
}
