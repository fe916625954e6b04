'use client';
/** Two to five views of one thing; exactly one is on. For places in the app use `TabLinks`, which have URLs. */
import clsx from 'clsx';

export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  /** What is chosen, for screen readers. */
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}) {
  return (
    <div role="group" aria-label={label} className="inline-flex rounded-2 border border-line-strong bg-surface">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={clsx(
            'h-6 border-line-strong px-[9px] text-12 first:rounded-l-[3px] last:rounded-r-[3px] not-first:border-l',
            option.value === value ? 'bg-press font-medium text-ink' : 'text-ink-2 hover:text-ink',
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
