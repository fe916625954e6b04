'use client';
/** A list of rows with a button to add one and one to remove each. */
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';

interface Props {
  label: string;
  hint?: ReactNode;
  rows: readonly { id: string }[];
  add: string;
  onAdd: () => void;
  onRemove: (index: number) => void;
  nameOf: (index: number) => string;
  children: (index: number) => ReactNode;
}

export function RowList({ label, hint, rows, add, onAdd, onRemove, nameOf, children }: Props) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium">{label}</legend>
      {hint ? <p className="mb-1 text-12 leading-[18px] text-ink-3">{hint}</p> : null}
      {rows.map((row, index) => (
        <div
          key={row.id}
          role="group"
          aria-label={nameOf(index)}
          className="flex items-start gap-1.5 border-b border-line py-2 first-of-type:border-t"
        >
          <div className="min-w-0 flex-1">{children(index)}</div>
          <Button
            variant="ghost"
            size="sm"
            icon
            aria-label={`Remove ${nameOf(index)}`}
            onClick={() => onRemove(index)}
            className="mt-0.5"
          >
            <X aria-hidden="true" className="size-3.5" />
          </Button>
        </div>
      ))}
      <Button variant="ghost" size="sm" className="mt-1 -ml-2" onClick={onAdd}>
        <Plus aria-hidden="true" className="size-3.5" />
        {add}
      </Button>
    </fieldset>
  );
}
