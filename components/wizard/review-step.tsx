'use client';
/** The checks with their output, the commits in order, what happens where; and the one button that submits, once. */
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Note } from '@/components/ui/note';
import { Section } from '@/components/ui/section';
import { HAND_EDITED } from '@/lib/generator/types';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { Preview } from '@/lib/wizard/preview';
import { stepOfField } from '@/lib/wizard/steps/index';
import { call, Refused } from './api';
import { allChecks, ReviewChecks } from './review-checks';
import { Findings } from './review-findings';
import { Refusals } from './review-refusals';
import { WhatHappens } from './review-what-happens';
import { useToolChecks } from './use-tool-checks';
import { useWizard } from './wizard-context';
import { wizardHref } from './wizard-href';

interface Props {
  draft: {
    id: string;
    changes: string | undefined;
    endedRequestId: number | undefined;
    /** Who began it and submits it, where that is somebody else. */
    owner?: string | undefined;
  };
  content: DraftForm;
  go: (step: string) => void;
  /** Saves what is not saved yet. */
  flush: () => Promise<void>;
  refresh: () => Promise<unknown>;
}

type Outcome = { kind: 'submitted'; requestId: number } | { kind: 'changed' };

export function ReviewStep({ draft, content, go, flush, refresh }: Props) {
  const { preview, stale } = useWizard();
  const router = useRouter();
  const tools = useToolChecks({ content, changes: draft.changes }, stale ? undefined : preview?.digest);
  const [phase, setPhase] = useState<'idle' | 'sending' | 'sent'>('idle');
  const [said, setSaid] = useState<{ tone: 'warn' | 'bad'; text: string; href?: string; label?: string }>();
  const sending = useRef(false);

  async function submit() {
    if (sending.current || !preview?.digest || !preview.manifest) return;
    sending.current = true;
    setPhase('sending');
    setSaid(undefined);
    try {
      await flush();
      const outcome = await call<Outcome>(
        'POST',
        '/api/v1/requests',
        {
          action: draft.changes === undefined ? 'add' : 'change',
          manifest: preview.manifest,
          digest: preview.digest,
          draftId: draft.id,
        },
        // The same draft with the same change set is the same request, however often it is sent; after a cancelled one it is a new one.
        { headers: { 'idempotency-key': `${draft.id}:${draft.endedRequestId ?? 0}:${preview.digest}` } },
      );
      if (outcome.kind === 'submitted') {
        setPhase('sent');
        router.push(`/requests/${outcome.requestId}`);
        return;
      }
      await refresh();
      setSaid({
        tone: 'warn',
        text: 'Something moved since this preview was made, so nothing was submitted. The change beside this is the new one: look at it and submit again.',
      });
    } catch (error) {
      const problem =
        error instanceof Refused
          ? error.problem
          : { status: 0, detail: 'It could not be sent. Try again: it is never submitted twice.' };
      const here = encodeURIComponent(wizardHref('review', draft));
      const owner = problem.owner?.href ? { href: problem.owner.href, label: problem.owner.label } : {};
      const way = problem.status === 401 ? { href: `/sign-in?next=${here}`, label: 'Sign in again' } : owner;
      setSaid({ tone: 'bad', text: problem.detail, ...way });
      await refresh();
    }
    setPhase('idle');
    sending.current = false;
  }

  if (!preview) return <p role="status">Reading the platform repository</p>;
  const open = [
    ...preview.problems.map(({ path, message }) => ({ path, message })),
    ...preview.answers.filter(({ status }) => status === 'taken').map(({ path, message }) => ({ path, message })),
  ];
  const failed = allChecks(preview.checks, tools).filter(({ status }) => status === 'fail');
  return (
    <div>
      {open.length > 0 ? (
        <Section title="Still to settle" note={`${open.length} ${open.length === 1 ? 'field' : 'fields'}`}>
          <ul>
            {open.map(({ path, message }) => {
              const step = stepOfField(path);
              return (
                <li
                  key={`${path}${message}`}
                  className="flex min-h-(--h-row) items-center gap-2.5 border-b border-line py-1"
                >
                  <span className="min-w-0 flex-1">
                    <span className="mono wrap-anywhere text-ink-3">{path || 'spec'}</span> {message}
                  </span>
                  <Button size="sm" onClick={() => go(step.name)}>
                    Go to {step.title}
                  </Button>
                </li>
              );
            })}
          </ul>
        </Section>
      ) : null}
      <Refusals refusals={preview.refusals} />
      <Findings
        title="Edited by hand, and kept"
        note="what people wrote into its blocks since"
        findings={preview.findings.filter(({ kind, old }) => !old && kind === HAND_EDITED)}
        shown={3}
      />
      <Findings
        title="Worth knowing"
        note="none of it stands in the way"
        findings={preview.findings.filter(({ kind, old }) => !old && kind !== HAND_EDITED)}
        shown={3}
      />
      <ReviewChecks checks={preview.checks} tools={tools} />
      <Section title="Commits" note="in this order">
        <ol>
          {preview.commits.map((commit, index) => (
            <li key={commit.key} className="flex min-h-(--h-row) items-center gap-2.5 border-b border-line">
              <span className="w-4 text-ink-3">{index + 1}</span>
              <span className="mono min-w-0 flex-1 truncate" title={commit.subject}>
                {commit.subject}
              </span>
              <span className="text-12 text-ink-3">
                {commit.files.length} {commit.files.length === 1 ? 'file' : 'files'}
              </span>
            </li>
          ))}
        </ol>
      </Section>
      <WhatHappens content={content} preview={preview} />
      <Findings
        title="Noticed, not touched"
        note="faults that are there without this change"
        findings={preview.findings.filter(({ old }) => old)}
        shown={0}
      />
      <div aria-live="assertive">
        {said ? (
          <Note tone={said.tone}>
            {said.text}{' '}
            {said.href ? (
              <a className="link" href={said.href}>
                {said.label}
              </a>
            ) : null}
          </Note>
        ) : null}
      </div>
      <footer className="sticky -bottom-6 z-2 -mx-5 mt-5 -mb-6 flex items-center gap-3 border-t border-line bg-surface px-5 py-2.5 max-lg:bottom-(--h-waterline) max-md:-mx-4 max-md:px-4">
        <Button onClick={() => go('docs')}>Back</Button>
        <span className="ml-auto text-12 text-ink-3">
          {(draft.owner === undefined ? '' : `${draft.owner} began this draft and submits it.`) ||
            whyNot(preview, open.length, failed.length, stale) ||
            (tools?.kind === 'running' ? 'The tools are still checking. You need not wait.' : '')}
        </span>
        <Button
          id="submit"
          variant="primary"
          disabled={draft.owner !== undefined || !preview.ready || stale || failed.length > 0 || phase !== 'idle'}
          onClick={() => void submit()}
        >
          {phase === 'idle' ? 'Open the pull request' : phase === 'sending' ? 'Submitting' : 'Submitted'}
        </Button>
      </footer>
    </div>
  );
}

function whyNot(preview: Preview, open: number, failed: number, stale: boolean): string {
  if (preview.ready && failed === 0) return stale ? 'Looking again' : '';
  if (open > 0) return 'Settle the fields above first.';
  if (preview.refusals.length > 0) return 'A file has to be edited by hand first.';
  if (failed > 0) return 'A check fails.';
  return preview.files.length === 0 ? 'Nothing is different from main yet.' : '';
}
