/**
 * Golden cases for emitters: a folder per case with `case.yaml` (spec, profile, where the file stands, what is to be reported), the file
 * before and, where it changes, after. For tests only; bytes are compared as they are, so that line endings count.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { applyEdits } from '../apply-edits';
import { overlay, treeOf } from '../overlay';
import { planRemoval } from '../plan-removal';
import { Profile } from '../profile';
import { resolvedSpec } from '../test-resolved-spec';
import type { EmitContext, Emitter } from '../types';
import { proveInsertionOnly } from '../yaml/test-prove';
import type { ManifestInput } from '@/lib/services/manifest';

interface CaseFile {
  spec: ManifestInput;
  profile: unknown;
  /** Where before.* stands in the repository. */
  path: string;
  /** The runbook's number, where the service is to have a page. */
  runbook?: number;
  /** Other files of the repository, by path. */
  files?: Record<string, string>;
  /** Other files that change, as they are afterwards. */
  alsoAfter?: Record<string, string>;
  /** What is reported beside the edits, each matched as far as it is given; nothing where absent. */
  conflicts?: object[];
  refusals?: object[];
  findings?: object[];
  followUps?: object[];
}

export interface GoldenCase {
  name: string;
  context: EmitContext;
  path: string;
  /** Undefined where the file is to stay as it is. */
  after: string | undefined;
  alsoAfter: Record<string, string>;
  expected: Pick<CaseFile, 'conflicts' | 'refusals' | 'findings' | 'followUps'>;
}

/** The cases of an emitter's `fixtures` folder. */
export function goldenCases(folder: string): GoldenCase[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const files = readdirSync(`${folder}/${name}`);
      const read = (start: string): string | undefined => {
        const file = files.find((one) => one.startsWith(start));
        return file === undefined ? undefined : readFileSync(`${folder}/${name}/${file}`, 'utf8');
      };
      const {
        spec,
        runbook,
        profile,
        path,
        files: others,
        alsoAfter = {},
        ...expected
      } = parse(read('case.yaml') ?? '') as CaseFile;
      const before = read('before.');
      const tree = treeOf({ ...others, ...(before === undefined ? {} : { [path]: before }) });
      const context = { manifest: resolvedSpec(spec, runbook), profile: Profile.parse(profile), tree };
      return { name, context, path, after: read('after.'), alsoAfter, expected };
    });
}

/** Holds an emitter against a case: the golden file, the reports, `emit(emit(x)) = emit(x)`, no line changed, and back to the same bytes. */
export function checkGoldenCase(emitter: Emitter, { context, path, after, alsoAfter, expected }: GoldenCase): void {
  const emission = emitter.emit(context);
  expect(reports(emission)).toEqual(reports(expected, true));
  const applied = applyEdits(context.tree, emission.edits);
  expect({ conflicts: applied.conflicts, refusals: applied.refusals }).toEqual({ conflicts: [], refusals: [] });
  const before = context.tree.read(path) ?? '';
  expect(applied.files.get(path)?.text ?? before).toBe(after ?? before);
  const others = [...applied.files].filter(([file]) => file !== path).map(([file, { text }]) => [file, text]);
  expect(Object.fromEntries(others)).toEqual(alsoAfter);
  for (const [file, { text }] of applied.files)
    expect(proveInsertionOnly(context.tree.read(file) ?? '', text)).toMatchObject({ ok: true });
  for (const edit of emission.edits) expect(edit.kind === 'create' || edit.start === edit.end).toBe(true);

  const written = new Map([...applied.files].map(([file, { text }]) => [file, text]));
  const again = emitter.emit({ ...context, tree: overlay(context.tree, written) });
  expect(again.edits).toEqual([]);
  if (emission.conflicts === undefined || emission.conflicts.length === 0) expect(again.conflicts ?? []).toEqual([]);
  if (emission.edits.length > 0) checkRemoval(emitter, context, written);
}

/** Taken out right after it was put in, every file is what it was, byte for byte, and nothing counts as edited by hand. */
function checkRemoval(emitter: Emitter, context: EmitContext, written: ReadonlyMap<string, string>): void {
  if (!emitter.applies(context)) return;
  // What was half there before goes as a whole: there are no earlier bytes to go back to.
  if (emitter.owned(context).parts.length > 0) return;
  const added = overlay(context.tree, written);
  const plan = planRemoval({ ...context, tree: added }, [emitter]);
  expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
  const removed = overlay(added, new Map(plan.files.map((file) => [file.path, file.after])));
  const paths = new Set([...context.tree.paths, ...removed.paths]);
  for (const path of paths) expect([path, removed.read(path)]).toEqual([path, context.tree.read(path)]);
  expect(plan.findings.filter((finding) => finding.kind === 'hand-edited')).toEqual([]);
}

type Reports = { [Key in 'conflicts' | 'refusals' | 'findings' | 'followUps']?: readonly object[] | undefined };

function reports(from: Reports, asExpected = false): Reports {
  const kinds = ['conflicts', 'refusals', 'findings', 'followUps'] as const;
  return Object.fromEntries(
    kinds.map((kind) => [kind, (from[kind] ?? []).map((one) => (asExpected ? matcher(one) : one))]),
  );
}

/** Texts between slashes are regular expressions. */
function matcher(one: object): object {
  const fields = Object.entries(one).map(([key, value]: [string, unknown]) => {
    const pattern = typeof value === 'string' ? /^\/(.*)\/$/s.exec(value)?.[1] : undefined;
    if (typeof value === 'object' && value !== null) return [key, matcher(value)];
    return [key, pattern === undefined ? value : (expect.stringMatching(new RegExp(pattern)) as unknown)];
  });
  return expect.objectContaining(Object.fromEntries(fields) as Record<string, unknown>) as object;
}
