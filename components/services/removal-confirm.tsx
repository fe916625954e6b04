'use client';
/** The last word before a removal is asked for: its name, typed. It is submitted once, however often the button is pressed. */
import { useRouter } from 'next/navigation';
import { useRef, useState, useTransition, type SubmitEvent } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Note } from '@/components/ui/note';
import { call, Refused } from '@/components/wizard/api';
import { removalKey } from '@/lib/requests/removal-key';
import type { RemovalPreview } from '@/lib/workflows/preview-removal';

type Outcome = { kind: 'submitted'; requestId: number } | { kind: 'changed' };

interface Said {
  tone: 'warn' | 'bad';
  text: string;
  /** The page shows another plan since, or is about to. */
  moved?: boolean;
  href?: string;
  label?: string;
}

const mainMoved: Said = {
  tone: 'warn',
  text: 'Main moved while this page was open. Nothing was submitted.',
  moved: true,
};

interface Props {
  service: string;
  preview: RemovalPreview;
  /** Checks that fail, the tools' included. */
  failed: number;
  /** The tools are still at it. */
  checking: boolean;
}

export function RemovalConfirm({ service, preview, failed, checking }: Props) {
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [phase, setPhase] = useState<'idle' | 'sending' | 'sent'>('idle');
  const [said, setSaid] = useState<Said>();
  // The page follows main by itself: whoever read a plan is told that it is another one now.
  const [planned, setPlanned] = useState(preview.digest);
  if (planned !== preview.digest) {
    setPlanned(preview.digest);
    // Why it was refused stays: that says more than that main moved.
    setSaid((before) => (before?.tone === 'bad' ? { ...before, moved: true } : mainMoved));
  }
  /** The page is being read anew: until then it shows what is no longer so. */
  const [renewing, renew] = useTransition();
  const sending = useRef(false);
  const confirmed = typed.trim() === service;
  const allowed = preview.ready && failed === 0;

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (sending.current || renewing || !confirmed || !allowed || preview.digest === undefined) return;
    sending.current = true;
    setPhase('sending');
    setSaid(undefined);
    try {
      const outcome = await call<Outcome>(
        'POST',
        '/api/v1/requests',
        { action: 'remove', service, digest: preview.digest },
        { headers: { 'idempotency-key': removalKey(service, preview) } },
      );
      if (outcome.kind === 'submitted') {
        setPhase('sent');
        router.push(`/requests/${outcome.requestId}`);
        return;
      }
      setSaid(mainMoved);
    } catch (error) {
      const problem =
        error instanceof Refused
          ? error.problem
          : { status: 0, detail: 'It could not be sent. Try again: it is never submitted twice.' };
      const here = encodeURIComponent(`/services/${service}/remove`);
      const owner = problem.owner?.href ? { href: problem.owner.href, label: problem.owner.label } : {};
      const way = problem.status === 401 ? { href: `/sign-in?next=${here}`, label: 'Sign in again' } : owner;
      setSaid({ tone: 'bad', text: problem.detail, ...way });
    }
    renew(() => router.refresh());
    setPhase('idle');
    sending.current = false;
  }

  return (
    <form onSubmit={(event) => void submit(event)} aria-label={`Remove ${service}`}>
      <div aria-live="assertive">
        {said ? (
          <Note tone={said.tone}>
            {said.text} {said.moved ? whatNow(renewing, preview) : null}{' '}
            {said.href ? (
              <a className="link" href={said.href}>
                {said.label}
              </a>
            ) : null}
          </Note>
        ) : null}
      </div>
      <Field
        label={
          <span>
            Type <span className="mono">{service}</span> to confirm
          </span>
        }
        className="mt-5 max-w-[320px]"
      >
        {(control) => (
          <Input
            {...control}
            mono
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            disabled={!allowed}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      <footer className="sticky -bottom-6 z-2 -mx-5 mt-5 -mb-6 flex items-center gap-3 border-t border-line bg-surface px-5 py-2.5 max-lg:bottom-(--h-waterline) max-md:-mx-4 max-md:px-4">
        <ButtonLink href={`/services/${encodeURIComponent(service)}`}>Keep it</ButtonLink>
        <span role="status" className="ml-auto text-12 text-ink-3">
          {whyNot(preview, failed, confirmed) || (checking ? 'The tools are still checking. You need not wait.' : '')}
        </span>
        <Button type="submit" variant="primary" disabled={!allowed || !confirmed || phase !== 'idle' || renewing}>
          {phase === 'idle' ? 'Open the pull request' : phase === 'sending' ? 'Submitting' : 'Submitted'}
        </Button>
      </footer>
    </form>
  );
}

/** What follows where main moved on. */
function whatNow(renewing: boolean, preview: RemovalPreview): string {
  if (renewing) return 'It is planned anew.';
  return preview.digest === undefined
    ? 'This is how it is now: see what is in the way.'
    : 'This is the new plan: look at it, then open the pull request.';
}

function whyNot(preview: RemovalPreview, failed: number, confirmed: boolean): string {
  if (preview.conflicts.length > 0) return 'Another service needs it.';
  if (preview.refusals.length > 0) return 'A file has to be edited by hand first.';
  if (failed > 0) return 'A check fails.';
  return confirmed ? '' : 'Type its name first.';
}
