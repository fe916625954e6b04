'use client';
/** Asks for main to be read now; what it finds shows here by itself. */
import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import type { ActionResult } from '@/lib/http/action';

export function ReadMainButton({ readMain }: { readMain: () => Promise<ActionResult<null>> }) {
  const [pending, start] = useTransition();
  const [said, setSaid] = useState('');

  function ask() {
    if (pending) return;
    start(async () => {
      const result = await readMain();
      setSaid(result.ok ? 'Main is being read.' : result.problem.detail);
    });
  }

  return (
    <>
      <span aria-live="polite">{said}</span>
      <Button size="sm" onClick={ask} aria-disabled={pending}>
        Read main again
      </Button>
    </>
  );
}
