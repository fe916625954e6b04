/**
 * The profile of a platform repository: its `slipway.yaml`, checked, or one inferred from the tree where there is no such file.
 */
import { detectProfile } from './detect';
import { fieldProblemsOf } from './field-problems';
import { whyUnread } from './observe/read-yaml';
import { parseWithLines } from './parse-with-lines';
import { Profile, profilePath } from './profile';
import type { FieldProblem, Inference, Tree } from './types';

export type LoadedProfile =
  { profile: Profile; source: 'file' | 'inferred'; inferences: Inference[] } | { problems: FieldProblem[] };

/** Reads the profile at the tree's root, or infers one. Every problem of the file is told at once, each with its line. */
export function loadProfile(tree: Tree): LoadedProfile {
  const text = tree.read(profilePath);
  if (text !== undefined) return parseProfile(text);
  if (tree.paths.includes(profilePath))
    return { problems: [{ path: '', line: 1, message: `The file ${whyUnread(tree, profilePath)}.` }] };
  const { profile, inferences } = detectProfile(tree);
  return { profile, source: 'inferred', inferences };
}

function parseProfile(text: string): LoadedProfile {
  const parsed = parseWithLines(text);
  if ('problems' in parsed) return parsed;
  const result = Profile.safeParse(parsed.value ?? {});
  if (result.success) return { profile: result.data, source: 'file', inferences: [] };
  return {
    problems: result.error.issues.flatMap((issue) => fieldProblemsOf(issue, parsed.lineOf)),
  };
}
