/** Which typed values can be traced in the diff, and which files a step changes. */
import type { DiffFile } from '@/lib/generator/diff-view';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { Preview } from '@/lib/wizard/preview';
import { stepOfField } from '@/lib/wizard/steps/index';
import { traceOf } from '@/components/diff/ink';

/** Choices from a list, and the ids of rows, are no values that somebody typed. */
const choices = /(^|\.)(rowId|kind|protocol|access|source|lifecycle|environments\.\d+)$/;

/** Typed texts by their path; `auto` stands as the number that it would become. */
export function typedValues(form: DraftForm, preview: Preview | undefined): Map<string, string> {
  const values = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string') {
      const text = value.trim();
      if (text !== '' && !choices.test(path)) values.set(path, text);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) walk(item, path === '' ? key : `${path}.${key}`);
    }
  };
  walk(form, '');
  for (const [path, value] of Object.entries(preview?.filledIn ?? {})) if (!values.has(path)) values.set(path, value);
  form.ports.forEach((port, index) => {
    const resolved = preview?.ports.find((one) => one.name === port.name);
    const path = `ports.${index}.external`;
    if (port.external !== 'auto' && port.external !== 'none') return;
    if (port.external === 'auto' && resolved) {
      values.set(path, resolved.from === resolved.to ? String(resolved.from) : `${resolved.from}-${resolved.to}`);
    } else values.delete(path);
  });
  return values;
}

/** Files in whose added lines a value of this step stands. */
export function filesTouchedBy(
  step: string,
  values: ReadonlyMap<string, string>,
  files: readonly DiffFile[],
): Set<string> {
  const own = [...values].filter(([path]) => stepOfField(path).name === step).map(([, value]) => value);
  const { pattern } = traceOf(own, []);
  if (!pattern) return new Set();
  const test = new RegExp(pattern.source);
  const touched = files.filter((file) =>
    file.hunks.some((hunk) => hunk.lines.some((line) => line.kind === 'added' && test.test(line.text))),
  );
  return new Set(touched.map((file) => file.path));
}
