'use client';
/** Turns a whole part of the spec on and off. What was typed in it comes back when it is turned on again. */
import { useRef, type ReactNode } from 'react';
import { useFormContext, useWatch, type FieldPathValue } from 'react-hook-form';
import { Checkbox } from '@/components/ui/checkbox';
import type { DraftForm } from '@/lib/wizard/draft-form';

type GroupPath =
  | 'routing'
  | 'security.oauth'
  | 'runtime.compose'
  | 'runtime.kubernetes'
  | 'runtime.kubernetes.networkPolicy'
  | 'runtime.healthCheck'
  | 'observability.metrics'
  | 'delivery';

interface Props<Path extends GroupPath> {
  path: Path;
  label: string;
  hint?: string;
  initial: () => NonNullable<FieldPathValue<DraftForm, Path>>;
  children: ReactNode;
}

export function GroupSwitch<Path extends GroupPath>({ path, label, hint, initial, children }: Props<Path>) {
  const { control, setValue, getValues } = useFormContext<DraftForm>();
  const on = useWatch({ control, name: path }) !== null;
  const kept = useRef<FieldPathValue<DraftForm, Path>>(undefined);

  function toggle(checked: boolean) {
    if (!checked) kept.current = structuredClone(getValues(path));
    const value = checked ? (kept.current ?? initial()) : null;
    setValue(path, value as FieldPathValue<DraftForm, Path>, { shouldDirty: true, shouldTouch: true });
  }

  return (
    <div className="border-t border-line pt-3">
      <Checkbox checked={on} onChange={(event) => toggle(event.target.checked)} className="w-fit">
        {label}
      </Checkbox>
      {hint ? <p className="ml-[21px] text-12 text-ink-3">{hint}</p> : null}
      {on ? <div className="mt-3 mb-1 ml-[21px] grid gap-4 max-md:ml-0">{children}</div> : null}
    </div>
  );
}
