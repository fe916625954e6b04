'use client';
/** What every step's fields need: the answers of the last preview, what the platform offers, and which field has the focus. */
import Link from 'next/link';
import { createContext, useContext, type ReactNode } from 'react';
import { useFormContext, useWatch, type FieldPath } from 'react-hook-form';
import type { Answer } from '@/components/ui/answer-line';
import { Button } from '@/components/ui/button';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { Preview, WizardOptions } from '@/lib/wizard/preview';

export type Path = FieldPath<DraftForm>;

interface WizardState {
  /** The live service that the draft changes; undefined where it adds one. */
  changes: string | undefined;
  options: WizardOptions;
  preview: Preview | undefined;
  /** Whether the preview is for what was typed before. */
  stale: boolean;
  /** Show what is still to fill in, though nobody has been there. */
  strict: boolean;
  focused: string | undefined;
  setFocused: (path: string | undefined) => void;
}

const Context = createContext<WizardState | undefined>(undefined);

export function WizardProvider({ state, children }: { state: WizardState; children: ReactNode }) {
  return <Context value={state}>{children}</Context>;
}

export function useWizard(): WizardState {
  const state = useContext(Context);
  if (!state) throw new Error('useWizard outside of the wizard');
  return state;
}

const MISSING = 'Still to fill in';

/** What is said below a field: what is wrong with it, who has it, or that it is fine. */
export function useAnswer(path: Path, also: readonly string[] = []): Answer | undefined {
  const { preview, strict, stale } = useWizard();
  const { control, getFieldState, formState, setValue } = useFormContext<DraftForm>();
  const value: unknown = useWatch({ control, name: path });
  if (!preview) return undefined;
  const paths = [path, ...also];
  const { isTouched } = getFieldState(path, formState);
  const blank = value === '' || value === undefined;
  const visible = strict || isTouched || !blank;
  const problem = preview.problems.find(
    (one) => paths.includes(one.path) || (one.path.startsWith(`${path}.`) && typeof value !== 'object'),
  );
  if (problem && visible && !(blank && problem.message.startsWith(MISSING) && !strict && !isTouched)) {
    return { tone: 'bad', text: problem.message };
  }
  const answer = preview.answers.find((one) => paths.includes(one.path));
  if (!answer || (stale && answer.status === 'ok')) return undefined;
  return {
    tone: answer.status === 'taken' ? 'bad' : answer.status === 'warn' ? 'warn' : 'ok',
    text: answer.owner ? <WithOwner message={answer.message} owner={answer.owner} /> : answer.message,
    actions: answer.fixes?.map((fix) => (
      <Button
        key={fix.label}
        size="sm"
        onClick={() => setValue(path, fix.value as never, { shouldDirty: true, shouldTouch: true })}
      >
        {fix.label}
      </Button>
    )),
  };
}

/** The message with the owner's name in it as a link, or behind it. */
function WithOwner({ message, owner }: { message: string; owner: { label: string; href: string } }) {
  const link = (
    <Link href={owner.href} target="_blank" className="link">
      {owner.label}
    </Link>
  );
  const at = message.indexOf(owner.label);
  if (at === -1) {
    return (
      <>
        {message} {link}
      </>
    );
  }
  return (
    <>
      {message.slice(0, at)}
      {link}
      {message.slice(at + owner.label.length)}
    </>
  );
}
