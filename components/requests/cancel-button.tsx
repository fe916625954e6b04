'use client';
/** Cancels a request, after saying what that undoes. */
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import type { ActionResult } from '@/lib/http/action';
import { AnswerLine } from '@/components/ui/answer-line';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';

export function CancelButton({
  serviceName,
  opened,
  cancel,
}: {
  serviceName: string;
  /** Whether there is a pull request to close. */
  opened: boolean;
  cancel: () => Promise<ActionResult<null>>;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [pending, start] = useTransition();
  const [problem, setProblem] = useState<string>();

  function confirm() {
    if (pending) return;
    start(async () => {
      const result = await cancel();
      if (result.ok) setOpen(false);
      setProblem(result.ok ? undefined : result.problem.detail);
      router.refresh();
    });
  }

  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        Cancel request
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Cancel adding ${serviceName}?`}
        description={
          <ul className="mt-2 list-disc pl-5">
            {opened ? (
              <li>The pull request is closed and its branch deleted, unless somebody else has committed to it.</li>
            ) : (
              <li>No pull request is opened.</li>
            )}
            <li>Its ports, host and runbook number are free for others at once.</li>
            <li>The tracker is told. The spec stays in this request.</li>
          </ul>
        }
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button variant="danger" onClick={confirm} aria-disabled={pending}>
              {pending ? 'Cancelling' : 'Cancel request'}
            </Button>
          </>
        }
      >
        <AnswerLine answer={problem ? { tone: 'bad', text: problem } : undefined} />
      </Dialog>
    </>
  );
}
