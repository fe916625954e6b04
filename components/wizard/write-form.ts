/** Puts another content into the form field by field: what does not differ is not touched, and the caret stays where it is. */
import type { FieldPathValue, UseFormReturn } from 'react-hook-form';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { ROW_ID, sameJson, type Json } from '@/lib/wizard/patch';
import type { Path } from './wizard-context';

interface Difference {
  path: string;
  value: Json;
}

/**
 * The form's fields that differ, by the paths that the form has for them. A list that gained, lost or moved rows is one of them; fields of rows that kept their place
 * stand beside it, since the form library shows a list's values only in rows that are new to it.
 */
export function formDifferences(now: Json | undefined, next: Json, path = ''): Difference[] {
  if (sameJson(now, next)) return [];
  const below = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(now) && Array.isArray(next) && isRows(now) && isRows(next)) {
    const moved = now.length !== next.length || now.some((row, index) => idOf(row) !== idOf(next[index]));
    const kept = next.flatMap((row, index) =>
      idOf(row) === idOf(now[index]) ? formDifferences(now[index], row, below(index)) : [],
    );
    return moved ? [{ path, value: next }, ...kept] : kept;
  }
  if (isObject(now) && isObject(next))
    return Object.entries(next).flatMap(([key, value]) => formDifferences(now[key], value, below(key)));
  return [{ path, value: next }];
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const idOf = (row: Json | undefined): Json | undefined => (isObject(row) ? row[ROW_ID] : undefined);

const isRows = (list: readonly Json[]): boolean => list.every((row) => idOf(row) !== undefined);

/** Changes what differs in the form. */
export function writeForm(form: UseFormReturn<DraftForm>, next: DraftForm): void {
  const restoreCaret = holdCaret();
  for (const { path, value } of formDifferences(form.getValues(), next))
    form.setValue(path as Path, value as FieldPathValue<DraftForm, Path>);
  restoreCaret();
}

/** Remembers where the caret is; browsers put it at the end of a field that was changed. */
function holdCaret(): () => void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return () => undefined;
  const { selectionStart, selectionEnd, value } = field;
  return () => {
    if (field.value !== value && selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
  };
}
