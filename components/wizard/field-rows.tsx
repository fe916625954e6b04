'use client';
/** The rows of a list of the form: added empty, removed, and each named by what it says so far. */
import { useFieldArray, useFormContext, useWatch, type FieldArray, type FieldArrayPath } from 'react-hook-form';
import type { ComponentProps } from 'react';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { RowList } from './row-list';

interface Props<Path extends FieldArrayPath<DraftForm>> extends Pick<
  ComponentProps<typeof RowList>,
  'label' | 'hint' | 'add' | 'children'
> {
  path: Path;
  /** A row as it is added. */
  empty: () => FieldArray<DraftForm, Path>;
  /** What a row is called; with its number behind it where the row does not say a name yet: `secret 2`. */
  noun: string;
  nameOf: (row: FieldArray<DraftForm, Path>) => string;
}

export function FieldRows<Path extends FieldArrayPath<DraftForm>>(props: Props<Path>) {
  const { path, empty, noun, nameOf, ...list } = props;
  const { control } = useFormContext<DraftForm>();
  const { fields, append, remove } = useFieldArray({ control, name: path });
  // What stands at the path of a list is that list; the types of the form library do not say so of a path that is a parameter.
  const value: unknown = useWatch<DraftForm>({ control, name: path });
  const rows = value as readonly FieldArray<DraftForm, Path>[] | undefined;
  // A list in a group that is off is not there.
  const nameAt = (index: number) => {
    const row = rows?.[index];
    return (row && nameOf(row)) || `${noun} ${index + 1}`;
  };
  return <RowList {...list} rows={rowsOf(fields)} onAdd={() => append(empty())} onRemove={remove} nameOf={nameAt} />;
}

/** Rows stay who they are by their own ids: the form library gives them others whenever somebody else's save comes in. */
function rowsOf(fields: readonly { id: string; rowId?: string }[]): { id: string }[] {
  return fields.map(({ id, rowId }) => ({ id: rowId ?? id }));
}
