'use client';
/** Makes a link by which others edit the draft too, and copies it; below it who does. */
import { useQueryClient } from '@tanstack/react-query';
import { Share2 } from 'lucide-react';
import { useState, useTransition } from 'react';
import { AnswerLine } from '@/components/ui/answer-line';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { call, Refused } from './api';
import { sharingKey, SharePeople, useSharingChange } from './share-people';

interface Made {
  url: string;
}

export function ShareDraft({ draftId, flush }: { draftId: string; flush: () => Promise<void> }) {
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<'anyone' | 'email'>('anyone');
  const [email, setEmail] = useState('');
  const [made, setMade] = useState<Made & { copied: boolean }>();
  const [problem, setProblem] = useState<string>();
  const [pending, start] = useTransition();
  const client = useQueryClient();
  const change = useSharingChange(draftId, () => setMade(undefined));

  function begin() {
    // What was said before the dialog was closed is old by now.
    change.reset();
    setOpen(true);
  }

  function again(choose: () => void) {
    choose();
    setMade(undefined);
    setProblem(undefined);
  }

  function make() {
    if (pending) return;
    start(async () => {
      try {
        await flush();
        const audience = kind === 'email' ? { kind, email: email.trim() } : { kind };
        const link = await call<Made>('POST', `/api/v1/drafts/${draftId}/links`, { audience });
        // Browsers copy only on pages that came by https; the link stands there to be copied by hand.
        const copied = await navigator.clipboard.writeText(link.url).then(
          () => true,
          () => false,
        );
        setMade({ ...link, copied });
        setProblem(undefined);
        change.reset();
        await client.invalidateQueries({ queryKey: sharingKey(draftId) });
      } catch (error) {
        setProblem(error instanceof Refused ? error.problem.detail : 'The link could not be made. Try again.');
      }
    });
  }

  return (
    <>
      <Button size="sm" variant="ghost" aria-label="Share this draft" onClick={begin}>
        <Share2 aria-hidden="true" className="size-3.5" />
        <span className="max-md:hidden">Share</span>
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Share this draft"
        description="Whoever opens the link edits the draft with you, and each sees what the other saves. Submitting stays with you."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Close</Button>
            <Button
              variant="primary"
              onClick={make}
              aria-disabled={pending}
              disabled={kind === 'email' && !email.includes('@')}
            >
              {pending ? 'Making the link' : 'Copy link'}
            </Button>
          </>
        }
      >
        <div className="mt-4 grid gap-4">
          <div>
            <Segmented
              label="Who may open it"
              value={kind}
              options={[
                { value: 'anyone', label: 'Any engineer who signs in' },
                { value: 'email', label: 'One person' },
              ]}
              onChange={(value) => again(() => setKind(value))}
            />
          </div>
          {kind === 'email' ? (
            <Field label="Their e-mail address" hint="As the identity provider has it, verified.">
              {(control) => (
                <Input
                  {...control}
                  type="email"
                  value={email}
                  onChange={(event) => again(() => setEmail(event.target.value))}
                />
              )}
            </Field>
          ) : null}
          <div role="status" className="grid gap-1.5">
            {made ? (
              <>
                <span className="flex items-center gap-1.5">
                  <Input readOnly mono value={made.url} aria-label="Link" onFocus={(event) => event.target.select()} />
                  <CopyButton value={made.url} label="Copy link again" />
                </span>
                <span className="text-12 text-ink-3">
                  {made.copied ? 'Copied. ' : 'Copy it from here. '}It opens for seven days and says nothing of the
                  draft.
                </span>
              </>
            ) : null}
          </div>
        </div>
        <AnswerLine answer={problem ? { tone: 'bad', text: problem } : undefined} />
        <SharePeople draftId={draftId} change={change} />
      </Dialog>
    </>
  );
}
