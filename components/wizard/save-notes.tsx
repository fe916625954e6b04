/** What stands in the way of the draft's saves and does not go away by itself, in words. */
import { ButtonLink } from '@/components/ui/button';
import { Note } from '@/components/ui/note';
import type { SaveState } from './save-state';

interface Props {
  state: SaveState;
  /** The request that somebody submitted from the draft meanwhile. */
  requestId: number | undefined;
}

export function SaveNotes({ state, requestId }: Props) {
  const failure = state.status === 'failed' ? state : undefined;
  return (
    <div aria-live="polite" className="not-empty:mb-4">
      {requestId !== undefined ? (
        <Note
          tone="warn"
          action={
            <ButtonLink size="sm" href={`/requests/${requestId}`}>
              Open request {requestId}
            </ButtonLink>
          }
        >
          This draft was submitted. What you type here goes nowhere any more.
        </Note>
      ) : failure?.kind === 'over' ? (
        <Note
          tone="warn"
          action={
            failure.owner?.href === undefined ? undefined : (
              <ButtonLink size="sm" href={failure.owner.href}>
                Open {failure.owner.label}
              </ButtonLink>
            )
          }
        >
          {failure.message} What you typed since the last save stands on this page alone: copy what you need.
        </Note>
      ) : failure?.kind === 'refused' ? (
        <Note tone="warn">
          {failure.message} Nothing is lost: it is saved as soon as that is changed, or when you try again.
        </Note>
      ) : failure?.kind === 'not-allowed' ? (
        <Note tone="warn">
          {failure.message} Nothing is lost: it is saved when you try again, once you have the role.
        </Note>
      ) : null}
    </div>
  );
}
