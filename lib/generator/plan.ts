/**
 * Turns a resolved spec into the change set of a pull request: runs the emitters one after the other, each on the result of those before it,
 * proves every edit and groups the files into ordered commits. Pure: the same manifest, profile and tree give the same bytes.
 */
import { formatPortRange } from '@/lib/services/manifest';
import { applyEdits } from './apply-edits';
import { digestOf } from './digest';
import { emitters as allEmitters } from './emitters/index';
import { observeFindings } from './observe/findings';
import { overlay } from './overlay';
import { profilePath, type Profile } from './profile';
import {
  commitKeys,
  type CommitKey,
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
    outcome: files.length === 0 && conflicts.length === 0 && refusals.length === 0 ? 'unchanged' : 'changes',
    commits,
    files,
    conflicts: unique(conflicts),
    refusals: unique(refusals),
    findings: unique([...findings, ...oldFaults(input, files, findings)]),
    followUps: files.length === 0 ? [] : unique(followUps),
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

/** What the spec asks for and this platform has no place for: it must not be left out silently. */
function notCovered({ manifest, profile }: PlanInput): Finding[] {
  const lacking = (asked: boolean, has: boolean, what: string, key: string): Finding[] =>
    asked && !has
      ? [
          {
            kind: 'not-covered',
            path: profilePath,
            message: `${what}, and the platform's profile has no \`${key}\`: nothing is written for it.`,
          },
        ]
      : [];
  return [
    ...lacking(manifest.ports.length > 0, profile.ports !== undefined, 'The service has ports', 'ports'),
    ...lacking(
      manifest.runtime.compose !== undefined,
      profile.compose !== undefined,
      'The service runs in Compose',
      'compose',
    ),
    ...lacking(
      manifest.runtime.kubernetes !== undefined,
      profile.helm !== undefined,
      'The service runs in Kubernetes',
      'helm',
    ),
    ...lacking(manifest.routing !== undefined, profile.traefik !== undefined, 'The service has a host', 'traefik'),
    ...lacking(manifest.runbook !== undefined, profile.runbooks !== undefined, 'The service has a runbook', 'runbooks'),
  ];
}

const SUBJECT_LENGTH = 72;

/** Subject and body of a commit, in Conventional Commits. */
function describeCommit(
  key: CommitKey,
  manifest: ResolvedManifest,
  emitterNames: readonly string[],
): { subject: string; body: string } {
  const { name } = manifest;
  const published = manifest.ports.flatMap((port) =>
    port.external === 'none' ? [] : [`${formatPortRange(port.external)}/${port.protocol}`],
  );
  const candidates: Record<CommitKey, string[]> = {
    ports: [
      ...(published.length > 0
        ? [
            `feat(ports): reserve ${published.join(', ')} for ${name}`,
            `feat(ports): reserve ${published.length} ports for ${name}`,
          ]
        : []),
      `feat(ports): register the ports of ${name}`,
      `feat(ports): register ${name}`,
    ],
    runtime: [`feat(${name}): run the service`, `feat: run ${name}`],
    routing: [
      ...(manifest.routing ? [`feat(${name}): route ${manifest.routing.host}`] : []),
      `feat(${name}): route the service`,
      `feat: route ${name}`,
    ],
    docs: [
      ...(manifest.runbook ? [`docs(${name}): add RUNBOOK-${String(manifest.runbook.number).padStart(3, '0')}`] : []),
      `docs(${name}): add its pages`,
      `docs: describe ${name}`,
    ],
  };
  const subjects = candidates[key];
  const subject = subjects.find((text) => text.length <= SUBJECT_LENGTH) ?? subjects.at(-1) ?? name;
  const body = {
    ports: [
      'The ports alone, before anything uses them, so that assignments stay auditable.',
      '',
      ...manifest.ports.map((port) =>
        port.external === 'none'
          ? `- ${port.name}: ${formatPortRange(port.internal)}/${port.protocol}, not published`
          : `- ${port.name}: ${formatPortRange(port.external)}/${port.protocol} to ${formatPortRange(port.internal)}`,
      ),
    ].join('\n'),
    runtime: `${manifest.purpose}\n\nWritten by: ${emitterNames.join(', ')}.`,
    routing: [
      `Access: ${manifest.security.access}.`,
      ...(manifest.security.publicReason ? [`Public because: ${manifest.security.publicReason}`] : []),
    ].join('\n'),
    docs: `What ${name} is, how it is reached, and what to do when it breaks.`,
  }[key];
  return { subject, body };
}
