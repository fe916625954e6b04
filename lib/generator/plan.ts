/**
 * Turns a resolved spec into the change set of a pull request: runs the emitters one after the other, each on the result of those before it,
 * proves every edit and groups the files into ordered commits. Pure: the same manifest, profile and tree give the same bytes.
 */
import { applyEdits } from './apply-edits';
import { describeCommit } from './commit-words';
import { notCovered } from './coverage';
import { digestOf } from './digest';
import { emitters as allEmitters } from './emitters/index';
import { observeFindings } from './observe/findings';
import { overlay } from './overlay';
import { profilePath, type Profile } from './profile';
import {
  commitKeys,
  followUpPhases,
  type Conflict,
  type EmitContext,
  type Emitter,
  type FileChange,
  type Finding,
  type FollowUp,
  type Plan,
  type PlannedCommit,
  type Refusal,
  type ResolvedManifest,
  type Tree,
} from './types';

export interface PlanInput {
  manifest: ResolvedManifest;
  profile: Profile;
  tree: Tree;
}

/**
 * Plans the addition of a service.
 * Where `conflicts` or `refusals` are not empty, the plan still lists the files that could be edited, for the preview; such a plan is not to be
 * carried out.
 * @param emitters what to run; all of them except in tests.
 */
export function planAddition(input: PlanInput, emitters: readonly Emitter[] = allEmitters): Plan {
  const written = new Map<string, string>();
  const executable = new Map<string, boolean>();
  const commits: PlannedCommit[] = [];
  const conflicts: Conflict[] = [];
  const refusals: Refusal[] = [];
  const findings: Finding[] = [];
  const followUps: FollowUp[] = [];
  let concerned = false;

  for (const key of commitKeys) {
    const names: string[] = [];
    const before = new Map(written);
    for (const emitter of emitters.filter((one) => one.commit === key)) {
      const context: EmitContext = { ...input, tree: overlay(input.tree, written) };
      if (!emitter.applies(context)) continue;
      concerned = true;
      const emission = emitter.emit(context);
      conflicts.push(...(emission.conflicts ?? []));
      refusals.push(...(emission.refusals ?? []));
      findings.push(...(emission.findings ?? []));
      followUps.push(...(emission.followUps ?? []));
      const applied = applyEdits(context.tree, emission.edits);
      conflicts.push(...applied.conflicts);
      refusals.push(...applied.refusals);
      for (const [path, file] of applied.files) {
        written.set(path, file.text);
        executable.set(path, file.executable || (executable.get(path) ?? false));
      }
      if (applied.files.size > 0) names.push(emitter.name);
    }
    const base = overlay(input.tree, before);
    const files = changedFiles(base, written, executable);
    if (files.length > 0) commits.push({ key, ...describeCommit(key, input.manifest, names), files });
  }

  findings.push(...notCovered(input));
  if (!concerned)
    refusals.push({
      path: profilePath,
      reason:
        'This platform has no file that the service concerns: the profile names neither a port registry nor a place to run it.',
    });
  const files = changedFiles(input.tree, written, executable).sort(
    (a, b) => firstCommit(commits, a.path) - firstCommit(commits, b.path) || (a.path < b.path ? -1 : 1),
  );
  return {
    action: 'add',
    outcome: files.length === 0 && conflicts.length === 0 && refusals.length === 0 ? 'unchanged' : 'changes',
    commits,
    files,
    conflicts: unique(conflicts),
    refusals: unique(refusals),
    findings: unique([...findings, ...oldFaults(input, files, findings)]),
    followUps: files.length === 0 ? [] : inOrder(unique(followUps)),
    digest: digestOf(commits),
  };
}

/** The files that read differently in `written` than in `base`, sorted by path. */
function changedFiles(
  base: Tree,
  written: ReadonlyMap<string, string>,
  executable: ReadonlyMap<string, boolean>,
): FileChange[] {
  const known = new Set(base.paths);
  return [...written]
    .map(([path, after]) => ({
      path,
      before: known.has(path) ? (base.read(path) ?? null) : null,
      after,
      executable: (executable.get(path) ?? false) || (base.isExecutable?.(path) ?? false),
    }))
    .filter((file) => file.before !== file.after)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is wrong already in the files that the plan edits, for whoever reads the pull request; none of it stands in the way. */
function oldFaults({ tree, profile }: PlanInput, files: readonly FileChange[], told: readonly Finding[]): Finding[] {
  const edited = new Set(files.filter((file) => file.before !== null).map((file) => file.path));
  const key = (finding: Finding) => `${finding.kind} ${finding.path} ${finding.line ?? ''}`;
  const known = new Set(told.map(key));
  return observeFindings(tree, profile).filter((finding) => edited.has(finding.path) && !known.has(key(finding)));
}

function firstCommit(commits: readonly PlannedCommit[], path: string): number {
  return commits.findIndex((commit) => commit.files.some((file) => file.path === path));
}

/** As people do them; within a phase as the emitters came. */
function inOrder(followUps: readonly FollowUp[]): FollowUp[] {
  return [...followUps].sort((a, b) => followUpPhases.indexOf(a.phase) - followUpPhases.indexOf(b.phase));
}

/** Each once, by content: two emitters may notice the same thing. */
function unique<T>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const text = JSON.stringify(item);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
