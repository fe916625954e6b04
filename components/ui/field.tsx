/** A labelled control with its hint and its answer line. The control gets its id and its descriptions through `children`. */
import clsx from 'clsx';
import { useId, type ReactNode } from 'react';
import { AnswerLine, type Answer } from './answer-line';

export interface ControlProps {
  id: string;
  'aria-describedby': string;
  'aria-invalid': boolean | undefined;
  'aria-required': boolean | undefined;
}

/**
 * `<Field label="Name" answer={answer}>{(control) => <Input {...control} {...register('name')} />}</Field>`.
 * `hideLabel` keeps the label for screen readers only (rows of a table that has headings).
 */
export function Field({
  label,
  hint,
  answer,
  optional = false,
  required = false,
  hideLabel = false,
  invalid = answer?.tone === 'bad',
  className,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  answer?: Answer | undefined;
  /** Says so behind the label. */
  optional?: boolean;
  required?: boolean;
  /** `wide`: only where a table's headings stand above; a phone shows it. */
  hideLabel?: boolean | 'wide';
  /** Where the answer is said elsewhere. */
  invalid?: boolean;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const hintId = `${id}-hint`;
  const answerId = `${id}-answer`;
  return (
    <div className={clsx('min-w-0', className)}>
      <label
        htmlFor={id}
        className={clsx(
          hideLabel === true ? 'sr-only' : 'mb-1 flex items-baseline gap-2 font-medium',
          hideLabel === 'wide' && 'md:sr-only',
        )}
      >
        {label} {optional ? <span className="text-12 font-normal text-ink-3">optional</span> : null}
      </label>
      {children({
        id,
        'aria-describedby': hint ? `${hintId} ${answerId}` : answerId,
        'aria-invalid': invalid ? true : undefined,
        'aria-required': required ? true : undefined,
      })}
      {hint ? (
        <p id={hintId} className="mt-1 text-12 leading-[18px] text-ink-3">
          {hint}
        </p>
      ) : null}
      <AnswerLine id={answerId} answer={answer} />
    </div>
  );
}
