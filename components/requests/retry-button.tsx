'use client';
/** Tries again at once what failed or is owed; a refusal is said beside it. */
import { RotateCcw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import type { ActionResult } from '@/lib/http/action';
import { Button } from '@/components/ui/button';

export function RetryButton({ retry }: { retry: () => Promise<ActionResult<null>> }) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const [problem, setProblem] = useState<string>();
  return (
    <span className="flex flex-col items-end gap-1">
      <Button
        size="sm"
        aria-disabled={pending}
        onClick={() => {
          if (pending) return;
          start(async () => {
            const result = await retry();
            setProblem(result.ok ? undefined : result.problem.detail);
            router.refresh();
          });
        }}
      >
        <RotateCcw aria-hidden="true" className="size-3 text-ink-3" />
        {pending ? 'Trying' : 'Retry now'}
      </Button>
      <span role="status" className="max-w-72 text-right text-12 text-bad-ink">
        {problem}
      </span>
    </span>
  );
}
