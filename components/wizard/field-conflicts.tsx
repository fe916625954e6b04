'use client';
/** Fields that two people wrote differently: both values, and the choice. Until it is made nothing of the field is saved from here, and nothing is lost. */
import { useFormContext } from 'react-hook-form';
import { Button, ButtonLink } from '@/components/ui/button';
import { Note } from '@/components/ui/note';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { wordsForField, wordsForValue } from './conflict-words';
import type { OpenConflict } from './draft-session';

interface Props {
  conflicts: readonly OpenConflict[];
  /** The request that somebody submitted from the draft meanwhile. */
  requestId: number | undefined;
  resolve: (path: string, choice: 'mine' | 'theirs') => void;
}

export function FieldConflicts({ conflicts, requestId, resolve }: Props) {
  return (
    <div aria-live="polite" className="not-empty:mb-4">
      {requestId === undefined ? null : (
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
      )}
      {conflicts.map((conflict) => (
        <Conflict key={conflict.path} conflict={conflict} resolve={resolve} />
      ))}
    </div>
  );
}

function Conflict({ conflict, resolve }: { conflict: OpenConflict; resolve: Props['resolve'] }) {
  const { getValues } = useFormContext<DraftForm>();
  const { path, mine, theirs, by } = conflict;
  const field = wordsForField(path, getValues(), [mine, theirs]);
  const other = by?.you ? 'You, in another tab,' : (by?.by ?? 'Somebody else');
  return (
    <section aria-label={`Two versions of ${field}`}>
      <Note
        tone="warn"
        action={
          <>
            <Button size="sm" onClick={() => resolve(path, 'mine')}>
              Keep mine
            </Button>
            <Button size="sm" onClick={() => resolve(path, 'theirs')}>
              Take theirs
            </Button>
          </>
        }
      >
        <p className="font-medium text-ink">{field}</p>
        <p>
          {other} wrote <span className="mono">{wordsForValue(theirs)}</span>
        </p>
        <p>
          You wrote <span className="mono">{wordsForValue(mine)}</span>
        </p>
      </Note>
    </section>
  );
}
