/**
 * What all plans have in common: the emitters one after the other, each on the result of those before it, their files grouped into ordered commits,
 * and what they report put together. Pure: the same input gives the same bytes.
 */
import { digestOf } from './digest';
import { observeFindings } from './observe/findings';
import { overlay, pathsOf } from './overlay';
import { profilePath, type Profile } from './profile';
import {
  followUpPhases,
  type CommitKey,
  type Conflict,
  type FileChange,
  type Finding,
  type FollowUp,
  type Plan,
  type PlanAction,
  type PlannedCommit,
  type Refusal,
  type Tree,
} from './types';

/** What one emitter's turn comes to. */
export interface Step {
  /** The files that differ now; null where one is deleted. */
  files: ReadonlyMap<string, { text: string; executable: boolean } | null>;
  conflicts: Conflict[];
  refusals: Refusal[];
  findings: Finding[];
  followUps: FollowUp[];
}

/** What takes its turn in a plan: an emitter, or several as one. */
interface Turn {
  name: string;
  commit: CommitKey;
}

export interface Steps<T extends Turn> {
  action: PlanAction;
  tree: Tree;
  profile: Profile;
  /** In the order in which they take their turn, within a commit. */
  turns: readonly T[];
  /** In the order in which they are made. */
  commits: readonly CommitKey[];
  /** One turn; undefined where the service does not concern it. */
  take(turn: T, tree: Tree): Step | undefined;
  describe(key: CommitKey, emitterNames: readonly string[]): { subject: string; body: string };
  /** What is to be said beside what the emitters say. */
  findings: readonly Finding[];
  /** What is left to people, beside what the emitters leave to them. */
  refusals?: readonly Refusal[];
  /** Why there is nothing to do, where the service concerns no emitter at all. */
  unconcerned: string | undefined;
}

/** Runs the steps of a plan. Nothing is thrown: what cannot be done safely is among the plan's conflicts and refusals. */
export function runSteps<T extends Turn>(steps: Steps<T>): Plan {
  const written = new Map<string, string | null>();
  const executable = new Map<string, boolean>();
  const commits: PlannedCommit[] = [];
  const conflicts: Conflict[] = [];
  const refusals: Refusal[] = [...(steps.refusals ?? [])];
  const findings: Finding[] = [];
  const followUps: FollowUp[] = [];
  let concerned = false;
  // One tree for as long as nothing is written: what has been read out of it is kept with it.
  let tree = steps.tree;

  for (const key of steps.commits) {
    const names: string[] = [];
    const before = tree;
    for (const turn of steps.turns.filter((one) => one.commit === key)) {
      const step = steps.take(turn, tree);
      if (!step) continue;
      concerned = true;
      conflicts.push(...step.conflicts);
      refusals.push(...step.refusals);
      findings.push(...step.findings);
      followUps.push(...step.followUps);
      for (const [path, file] of step.files) {
        written.set(path, file?.text ?? null);
        executable.set(path, (file?.executable ?? false) || (executable.get(path) ?? false));
      }
      if (step.files.size === 0) continue;
      names.push(turn.name);
      tree = overlay(tree, textsOf(step.files));
    }
    const files = changedFiles(before, written, executable);
    if (files.length > 0) commits.push({ key, ...steps.describe(key, names), files });
  }

  findings.push(...steps.findings);
  if (!concerned && steps.unconcerned !== undefined) refusals.push({ path: profilePath, reason: steps.unconcerned });
  const files = changedFiles(steps.tree, written, executable).sort(
    (a, b) => firstCommit(commits, a.path) - firstCommit(commits, b.path) || (a.path < b.path ? -1 : 1),
  );
  return {
    action: steps.action,
    outcome: files.length === 0 && conflicts.length === 0 && refusals.length === 0 ? 'unchanged' : 'changes',
    commits,
    files,
    conflicts: unique(conflicts),
    refusals: unique(refusals),
    findings: unique([...findings, ...oldFaults(steps, files, findings)]),
    followUps: files.length === 0 ? [] : inOrder(unique(followUps)),
    digest: digestOf(commits),
  };
}

function textsOf(files: Step['files']): Map<string, string | null> {
  return new Map([...files].map(([path, file]) => [path, file?.text ?? null]));
}

/** The files that read differently in `written` than in `base`, sorted by path. */
function changedFiles(
  base: Tree,
  written: ReadonlyMap<string, string | null>,
  executable: ReadonlyMap<string, boolean>,
): FileChange[] {
  const known = pathsOf(base);
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
function oldFaults(
  { tree, profile }: Pick<Steps<Turn>, 'tree' | 'profile'>,
  files: readonly FileChange[],
  told: readonly Finding[],
): Finding[] {
  const edited = new Set(files.filter((file) => file.before !== null).map((file) => file.path));
  const key = (finding: Finding) => `${finding.kind} ${finding.path} ${finding.line ?? ''}`;
  const known = new Set(told.map(key));
  return observeFindings(tree, profile)
    .filter((finding) => edited.has(finding.path) && !known.has(key(finding)))
    .map((finding) => ({ ...finding, old: true }));
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
