'use client';
/** Who edits the draft beside its owner, for the owner alone: takes one off, or takes all links back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { AnswerLine, type Answer } from '@/components/ui/answer-line';
import { Button } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DraftSharing } from '@/lib/wizard/draft-editors';
import { call, Refused } from './api';

/** What the server knows of it, under one key for all who show it. */
export const sharingKey = (draftId: string) => ['sharing', draftId];

/** `what` is asked of the server; `done` is said afterwards. */
interface Change {
  path: string;
  done: string;
}

/** @param onLinksGone no link that was made opens any more. */
export function SharePeople({ draftId, onLinksGone }: { draftId: string; onLinksGone: () => void }) {
  const base = `/api/v1/drafts/${draftId}`;
  const client = useQueryClient();
  const section = useRef<HTMLElement>(null);
  const sharing = useQuery({
    queryKey: sharingKey(draftId),
    queryFn: ({ signal }) => call<DraftSharing>('GET', `${base}/editors`, undefined, { signal }),
    // People come while the dialog is closed.
    staleTime: 0,
    retry: 1,
  });
  const change = useMutation({
    mutationFn: ({ path }: Change) => call<DraftSharing>('DELETE', `${base}${path}`),
    onSuccess: (now) => {
      client.setQueryData(sharingKey(draftId), now);
      onLinksGone();
      // The button that was pressed is gone.
      section.current?.focus();
    },
  });
  const { editors = [], linksOpenUntil } = sharing.data ?? {};
  const busy = change.isPending;
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-label="Who edits it"
      className="mt-5 border-t border-line pt-4 outline-none"
    >
      <h3 className="font-medium">Who edits it</h3>
      {editors.length > 0 ? (
        <ul className="mt-1">
          {editors.map(({ id, name, email, since }) => (
            <li key={id} className="flex items-center gap-2 border-b border-line py-1.5">
              <span className="min-w-0 flex-1">
                <span className="block truncate">{name}</span>
                <span className="block truncate text-12 text-ink-3">
                  {email ? `${email}, ` : ''}since <RelativeTime at={since} />
                </span>
              </span>
              <Button
                size="sm"
                aria-label={`Remove ${name}`}
                aria-disabled={busy}
                onClick={() =>
                  busy ||
                  change.mutate({
                    path: `/editors/${id}`,
                    done: `${name} is off the draft, and links that you made before open nothing any more.`,
                  })
                }
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="mt-0.5 text-ink-2">{sharing.isSuccess ? 'Nobody but you.' : 'Looking.'}</p>
      )}
      {editors.length > 0 ? (
        <p className="mt-2 text-12 leading-[18px] text-ink-3">
          Removing somebody takes all links back too, so that they do not return by one.
        </p>
      ) : null}
      {linksOpenUntil === undefined ? null : (
        <div className="mt-2 flex items-center gap-2">
          <span className="min-w-0 flex-1 text-12 leading-[18px] text-ink-3">
            A link that you made still opens; the newest expires <RelativeTime at={linksOpenUntil} />.
          </span>
          <Button
            size="sm"
            aria-disabled={busy}
            onClick={() =>
              busy ||
              change.mutate({
                path: '/links',
                done: 'Links that you made before open nothing any more. Who edits the draft stays.',
              })
            }
          >
            Take all links back
          </Button>
        </div>
      )}
      <AnswerLine answer={answerOf(change.error ?? sharing.error, change.data && change.variables)} />
    </section>
  );
}

function answerOf(error: Error | null, change: Change | undefined): Answer | undefined {
  if (error)
    return { tone: 'bad', text: error instanceof Refused ? error.problem.detail : 'That did not work. Try again.' };
  return change && { tone: 'ok', text: change.done };
}
