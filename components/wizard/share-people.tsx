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

/** `path`, below the draft's address, is deleted; `done` is said afterwards. */
interface Change {
  path: string;
  done: string;
}

const address = (draftId: string) => `/api/v1/drafts/${draftId}`;

/**
 * Takes somebody off the draft, or all links back. What was said of it holds until a link is made: `reset` it then.
 * @param onLinksGone no link that was made opens any more.
 */
export function useSharingChange(draftId: string, onLinksGone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path }: Change) => call<DraftSharing>('DELETE', `${address(draftId)}${path}`),
    onSuccess: (now) => {
      client.setQueryData(sharingKey(draftId), now);
      onLinksGone();
    },
  });
}

interface Props {
  draftId: string;
  change: ReturnType<typeof useSharingChange>;
}

export function SharePeople({ draftId, change }: Props) {
  const section = useRef<HTMLElement>(null);
  const sharing = useQuery({
    queryKey: sharingKey(draftId),
    queryFn: ({ signal }) => call<DraftSharing>('GET', `${address(draftId)}/editors`, undefined, { signal }),
    // People come while the dialog is closed.
    staleTime: 0,
    retry: 1,
  });
  const { editors = [], linksOpenUntil } = sharing.data ?? {};
  const busy = change.isPending;
  // For when the button that was pressed is gone.
  const focus = () => section.current?.focus();
  const start = (what: Change) => busy || change.mutate(what, { onSuccess: focus });
  const lookAgain = async () => {
    const { isSuccess } = await sharing.refetch();
    if (isSuccess) focus();
  };
  return (
    <section ref={section} tabIndex={-1} aria-label="Who edits it" className="mt-5 border-t border-line pt-4">
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
                  start({
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
        <p className="mt-0.5 text-ink-2 empty:hidden">
          {sharing.isPending ? 'Looking.' : sharing.data ? 'Nobody but you.' : null}
        </p>
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
              start({
                path: '/links',
                done: 'Links that you made before open nothing any more. Who edits the draft stays.',
              })
            }
          >
            Take all links back
          </Button>
        </div>
      )}
      <AnswerLine answer={change.error ? problemOf(change.error) : undefined} />
      <AnswerLine
        answer={
          sharing.error
            ? {
                ...problemOf(sharing.error),
                actions: (
                  <Button
                    size="sm"
                    aria-disabled={sharing.isFetching}
                    onClick={() => sharing.isFetching || void lookAgain()}
                  >
                    Try again
                  </Button>
                ),
              }
            : change.data && { tone: 'ok', text: change.variables.done }
        }
      />
    </section>
  );
}

const problemOf = (error: Error): Answer => ({
  tone: 'bad',
  text: error instanceof Refused ? error.problem.detail : 'That did not work. Try again.',
});
