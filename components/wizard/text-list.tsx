'use client';
/** A list of short texts, one input each, with a button to add and one to remove. */
import { Plus, X } from 'lucide-react';
import { useFormContext, useWatch } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { TextField } from './fields';
import type { Path } from './wizard-context';

type ListPath =
  | 'maintainers'
  | 'routing.aliases'
  | 'runtime.compose.networks'
  | 'runtime.compose.profiles'
  | 'runtime.dependsOn'
  | 'delivery.verify';

interface Props {
  path: ListPath;
  label: string;
  hint?: string;
  add: string;
  placeholder?: string;
  mono?: boolean;
  /** id of a datalist with proposals. */
  list?: string;
}

export function TextList({ path, label, hint, add, placeholder, mono = true, list }: Props) {
  const { control, setValue, getValues } = useFormContext<DraftForm>();
  const items: string[] = useWatch({ control, name: path }) ?? [];
  const now = (): string[] => getValues(path) ?? [];
  const change = (next: string[]) => setValue(path, next, { shouldDirty: true, shouldTouch: true });
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 flex items-baseline gap-2 font-medium">
        {label} <span className="text-12 font-normal text-ink-3">optional</span>
      </legend>
      {hint ? <p className="mb-1 text-12 text-ink-3">{hint}</p> : null}
      <ul className="grid gap-1.5">
        {items.map((_, index) => (
          <li key={index} className="flex items-start gap-1.5">
            <TextField
              path={`${path}.${index}` as Path}
              label={`${label} ${index + 1}`}
              hideLabel
              mono={mono}
              className="flex-1"
              {...(placeholder ? { placeholder } : {})}
              {...(list ? { list } : {})}
            />
            <Button
              variant="ghost"
              icon
              aria-label={`Remove ${items[index] || `${label} ${index + 1}`}`}
              onClick={() => change(now().filter((__, at) => at !== index))}
            >
              <X aria-hidden="true" className="size-3.5" />
            </Button>
          </li>
        ))}
      </ul>
      <Button variant="ghost" size="sm" className="mt-1 -ml-2" onClick={() => change([...now(), ''])}>
        <Plus aria-hidden="true" className="size-3.5" />
        {add}
      </Button>
    </fieldset>
  );
}
