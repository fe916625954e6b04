'use client';
/** Fields that two people wrote differently: both values, and the choice. Until it is made nothing of the field is saved from here, and nothing is lost. */
import { useRef } from 'react';
import { useFormContext } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Note } from '@/components/ui/note';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { formPath, wordsForField, wordsForValue } from './conflict-words';
import type { OpenConflict } from './draft-session';

type Resolve = (path: string, choice: 'mine' | 'theirs') => void;

export function FieldConflicts({ conflicts, resolve }: { conflicts: readonly OpenConflict[]; resolve: Resolve }) {
  const { getValues } = useFormContext<DraftForm>();
  const list = useRef<HTMLDivElement>(null);

  /** The button that was pressed goes; the focus goes to the next choice, or on to the field. */
  function resolveAndMove(path: string, choice: 'mine' | 'theirs') {
    resolve(path, choice);
    requestAnimationFrame(() => {
      const field = formPath(path, getValues());
      const form = list.current?.closest('form');
      const next =
        list.current?.querySelector('button') ??
        (field === undefined ? null : form?.querySelector(`[name="${CSS.escape(field)}"]`)) ??
        list.current?.closest('[tabindex="-1"]');
      if (next instanceof HTMLElement) next.focus();
    });
  }

  return (
    <div ref={list} aria-live="polite" className="not-empty:mb-4">
      {conflicts.map((conflict) => (
        <Conflict key={conflict.path} conflict={conflict} content={getValues()} resolve={resolveAndMove} />
      ))}
    </div>
  );
}

function Conflict({ conflict, content, resolve }: { conflict: OpenConflict; content: DraftForm; resolve: Resolve }) {
  const { path, mine, theirs, by } = conflict;
  const field = wordsForField(path, content, [mine, theirs]);
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
