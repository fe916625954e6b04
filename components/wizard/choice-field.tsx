'use client';
/** One of a few choices, each with a sentence on what it means: radio buttons in a group. */
import { useFormContext } from 'react-hook-form';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { Path } from './wizard-context';

interface Props {
  path: Path;
  label: string;
  options: readonly { value: string; title: string; text: string }[];
}

export function ChoiceField({ path, label, options }: Props) {
  const { register } = useFormContext<DraftForm>();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium">{label}</legend>
      <div className="rounded-2 border border-line-strong">
        {options.map(({ value, title, text }) => (
          <label
            key={value}
            className="flex items-start gap-2.5 border-b border-line px-3 py-2 last:border-0 hover:bg-hover has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              value={value}
              {...register(path)}
              className="mt-[3.5px] size-[13px] shrink-0 appearance-none rounded-full border border-line-control bg-surface outline-none checked:border-[4px] checked:border-ink"
            />
            <span className="min-w-0">
              <span className="font-medium">{title}</span>
              <span className="block text-12 leading-[18px] text-ink-3">{text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
