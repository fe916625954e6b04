'use client';
/** The form's controls, bound to a path of the draft, with their answers. */
import type { ComponentProps, ReactNode } from 'react';
import { useFormContext } from 'react-hook-form';
import { AnswerLine } from '@/components/ui/answer-line';
import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { Input, Select, Textarea } from '@/components/ui/input';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { useAnswer, useWizard, type Path } from './wizard-context';

interface Common {
  path: Path;
  label: string;
  hint?: ReactNode;
  optional?: boolean;
  required?: boolean;
  hideLabel?: boolean | 'wide';
  className?: string;
  /** Problems of these paths are said here too. */
  also?: readonly string[];
  /** The answer is said by a RowAnswers below, across the whole row. */
  quiet?: boolean;
}

/** Registers a field and tells the wizard which one has the focus. */
function useField(path: Path) {
  const { register } = useFormContext<DraftForm>();
  const { setFocused } = useWizard();
  const { onBlur, ...registration } = register(path);
  return {
    ...registration,
    onFocus: () => setFocused(path),
    onBlur: (event: React.FocusEvent) => {
      setFocused(undefined);
      return onBlur(event);
    },
  };
}

export function TextField({
  path,
  also,
  quiet = false,
  mono,
  suffix,
  placeholder,
  inputMode,
  firstField,
  list,
  ...field
}: Common &
  Pick<ComponentProps<typeof Input>, 'mono' | 'suffix' | 'placeholder' | 'inputMode' | 'list'> & {
    /** Has the focus when the page opens: whoever opens it wants to type. */
    firstField?: boolean;
  }) {
  const registration = useField(path);
  const answer = useAnswer(path, also);
  return (
    <Field {...field} answer={quiet ? undefined : answer} invalid={answer?.tone === 'bad'}>
      {(control) => (
        <Input
          {...control}
          {...registration}
          mono={mono}
          suffix={suffix}
          placeholder={placeholder}
          inputMode={inputMode}
          list={list}
          autoComplete="off"
          spellCheck={!mono}
          data-first-field={firstField ? '' : undefined}
        />
      )}
    </Field>
  );
}

/** A value that a change cannot change: shown, read aloud, not typed. */
export function LockedField({
  label,
  value,
  hint,
  mono,
}: {
  label: string;
  value: string;
  hint: string;
  mono?: boolean;
}) {
  return (
    <Field label={label} hint={hint}>
      {(control) => <Input {...control} value={value} readOnly mono={mono} />}
    </Field>
  );
}

export function LongTextField({ path, also, quiet = false, placeholder, ...field }: Common & { placeholder?: string }) {
  const registration = useField(path);
  const answer = useAnswer(path, also);
  return (
    <Field {...field} answer={quiet ? undefined : answer} invalid={answer?.tone === 'bad'}>
      {(control) => <Textarea {...control} {...registration} placeholder={placeholder} />}
    </Field>
  );
}

export function SelectField({ path, also, quiet = false, children, ...field }: Common & { children: ReactNode }) {
  const registration = useField(path);
  const answer = useAnswer(path, also);
  return (
    <Field {...field} answer={quiet ? undefined : answer} invalid={answer?.tone === 'bad'}>
      {(control) => (
        <Select {...control} {...registration}>
          {children}
        </Select>
      )}
    </Field>
  );
}

export function CheckField({ path, children }: { path: Path; children: ReactNode }) {
  const registration = useField(path);
  return (
    <Checkbox {...registration} className="w-fit">
      {children}
    </Checkbox>
  );
}

/** The answers of a row's fields, one below the other across the row's whole width: beside each other they would not fit. */
export function RowAnswers({ fields }: { fields: readonly { path: Path; label: string }[] }) {
  return fields.map(({ path, label }) => (
    <RowAnswer key={path} path={path} label={label} alone={fields.length === 1} />
  ));
}

function RowAnswer({ path, label, alone }: { path: Path; label: string; alone: boolean }) {
  const answer = useAnswer(path);
  const named =
    answer && !alone && answer.tone === 'bad'
      ? {
          ...answer,
          text: (
            <>
              {label}: {answer.text}
            </>
          ),
        }
      : answer;
  return <AnswerLine answer={named} />;
}
