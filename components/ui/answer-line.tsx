/** What was found out about a field, below it: what, who (with a link), and the ways out. Spoken when it changes. */
import clsx from 'clsx';
import { Ban, Check, CircleDashed, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export type AnswerTone = 'ok' | 'bad' | 'warn' | 'busy' | 'hint';

export interface Answer {
  tone: AnswerTone;
  /** Words, with a link to the owner where there is one. */
  text: ReactNode;
  /** One-key ways out, as small buttons. */
  actions?: ReactNode;
}

const marks = { ok: Check, bad: Ban, warn: TriangleAlert, busy: CircleDashed, hint: undefined } as const;
const said = { ok: 'Fine: ', bad: 'Problem: ', warn: 'Note: ', busy: '', hint: '' } as const;

export function AnswerLine({ id, answer }: { id?: string; answer: Answer | undefined }) {
  const Mark = answer ? marks[answer.tone] : undefined;
  return (
    <div id={id} aria-live="polite" className="min-h-0">
      {answer ? (
        <>
          <p
            className={clsx(
              'mt-[5px] flex items-start gap-1.5 text-12 leading-[18px]',
              answer.tone === 'bad' ? 'text-bad-ink' : answer.tone === 'warn' ? 'text-warn-ink' : 'text-ink-3',
            )}
          >
            {Mark ? (
              <Mark
                aria-hidden="true"
                strokeWidth={2.2}
                className={clsx('mt-[3px] size-3 shrink-0', answer.tone === 'ok' && 'text-ok-ink')}
              />
            ) : null}
            <span className="min-w-0">
              <span className="sr-only">{said[answer.tone]}</span>
              {answer.text}
            </span>
          </p>
          {answer.actions ? (
            <div className="mt-[7px] mb-0.5 ml-[18px] flex flex-wrap gap-1.5">{answer.actions}</div>
          ) : null}
        </>
      ) : null}
    </div>
  );
}
