/**
 * The generator's own words: what goes in (a tree of files, a resolved spec, a profile) and what comes out (a plan).
 * Everything in lib/generator is pure: no I/O, no clock, no randomness. Text is JavaScript strings decoded strictly from UTF-8, a byte-order
 * mark kept, so that encoding `after` gives exactly the bytes that are committed.
 */
import type { Manifest, ManifestPort } from '@/lib/services/manifest';
import type { PortRange } from '@/lib/services/port-range';
import type { Profile } from './profile';

/** A platform repository at one commit, or a checkout of it. */
export interface Tree {
  /** Every path in the repository, sorted, with `/` between folders. */
  readonly paths: readonly string[];
  /** The file's text; undefined where there is no such file, or where it is not UTF-8 text. */
  read(path: string): string | undefined;
  /** Whether Git keeps the file as executable: an addition leaves the mode as it is. No file is where this is absent. */
  isExecutable?(path: string): boolean;
}

/** A port of the spec with its number decided. */
export interface ResolvedPort extends Omit<ManifestPort, 'external'> {
  external: PortRange | 'none';
}

/** The spec with everything decided that only the moment can decide. This, the profile and the tree are all that a plan depends on. */
export interface ResolvedManifest extends Omit<Manifest, 'ports'> {
  ports: ResolvedPort[];
  /** Decided where `docs.runbook` asks for one and the platform keeps runbooks. */
  runbook?: { number: number };
  /** The day of the request, `YYYY-MM-DD` in UTC. */
  date: string;
}

/**
 * One addition to one file, `start === end`: emitters may do no more, and what a removal or a change takes out they only name (`owned`). Offsets count
 * UTF-16 units in the text that the emitter was given.
 */
export type FileEdit =
  | { kind: 'create'; path: string; text: string; executable?: boolean }
  | { kind: 'splice'; path: string; start: number; end: number; text: string };

/** A place in a file, for people: line and column count from 1. */
export interface Place {
  path: string;
  line?: number;
}

/** A file that is left alone because it cannot be edited safely (exit code 4): where, why, and what to paste by hand. */
export interface Refusal extends Place {
  reason: string;
  paste?: { under: string; text: string };
}

/** Somebody else has the name, the port or the host already (exit code 3). */
export interface Conflict extends Place {
  kind: 'name' | 'port' | 'host' | 'container' | 'file';
  /** Path of the field in the spec, for the form (`ports.0.external`). */
  field: string;
  message: string;
  /** The service that has it, where that is known. */
  owner?: string;
}

/** Something the owner of the files should know and that does not stand in the way: a stale hint, an old fault. */
export interface Finding extends Place {
  kind: string;
  message: string;
  /** What it is about, without lines: with kind and path it tells a finding from others of the same file after edits elsewhere in it. */
  subject?: string;
  /** It is so without the change too: a fault that is there already in a file that the change edits. */
  old?: true;
}

/** The kind of a finding that says what people wrote into a service's own blocks: it goes with a removal, and stays in a change. */
export const HAND_EDITED = 'hand-edited';

/**
 * What people do after the merge, in this order: volumes and networks that must exist, workload identity, secrets, queues, the proxy, names
 * and certificates, the start itself, and what watches it.
 */
export const followUpPhases = [
  'resources',
  'identity',
  'secrets',
  'messaging',
  'routing',
  'names',
  'start',
  'observe',
] as const;
export type FollowUpPhase = (typeof followUpPhases)[number];

/** One thing that a person does after the merge. */
export interface FollowUp {
  phase: FollowUpPhase;
  /** Stable within a plan (`volume:mcp_gitlab_certs`): what has been ticked off stays so when the words change. */
  key: string;
  title: string;
  detail?: string;
  command?: string;
}

export interface EmitContext {
  manifest: ResolvedManifest;
  profile: Profile;
  /** The tree with the edits of the emitters before this one. */
  tree: Tree;
}

export interface Emission {
  edits: FileEdit[];
  conflicts?: Conflict[];
  refusals?: Refusal[];
  findings?: Finding[];
  followUps?: FollowUp[];
}

/** The commits of a pull request, in order; the port reservation stands alone (runbook-024, section 2). */
export const commitKeys = ['ports', 'runtime', 'routing', 'observability', 'delivery', 'docs'] as const;
export type CommitKey = (typeof commitKeys)[number];

/**
 * Something in the repository that an emitter wrote for the service and nobody else needs: a whole file, an entry of a block map or list (`at` is
 * its YAML path in the text as it stands, with numbers for list items), or whole lines of a file that is no YAML (offsets of UTF-16 units;
 * `end` is behind the last line's break).
 */
export type OwnedPart =
  | { kind: 'file'; path: string }
  | { kind: 'yaml'; path: string; at: (string | number)[] }
  | { kind: 'lines'; path: string; start: number; end: number };

export interface Ownership {
  parts: OwnedPart[];
  /** What stays because others refer to it, each named with who does. */
  kept?: Finding[];
  /** What cannot go: another service depends on it. */
  conflicts?: Conflict[];
  /** What a person does when it is gone: remove the container, the volume, the secret's value. */
  followUps?: FollowUp[];
}

/** One kind of generated file. `emit(emit(x)) = emit(x)`: run on its own result it has nothing to add. */
export interface Emitter {
  name: string;
  commit: CommitKey;
  /** Whether this spec on this platform concerns it at all. */
  applies(context: EmitContext): boolean;
  emit(context: EmitContext): Emission;
  /**
   * What of the service stands in the tree now, by its names and whoever edited it since: the parts that a removal takes out. Taking them out of the
   * result of `emit` gives back what `emit` was given, byte for byte.
   */
  owned(context: EmitContext): Ownership;
}

/** A file of the change set. `before` is null where the file is new, `after` where it is deleted. */
export interface FileChange {
  path: string;
  before: string | null;
  after: string | null;
  executable: boolean;
}

export interface PlannedCommit {
  key: CommitKey;
  /** Conventional Commits subject line. */
  subject: string;
  body: string;
  /** The files as this commit leaves them; `before` is as the commit before it left them. */
  files: FileChange[];
}

export type CheckStatus = 'pass' | 'fail' | 'warn' | 'not-run';

/** What a check found. Only `fail` stands in the way. */
export interface CheckResult {
  name: string;
  /** `additions-only`: stable, for links and tests. */
  id: string;
  status: CheckStatus;
  /** One line: what was compared, with figures. */
  summary: string;
  /** The whole output, for whoever opens the row. */
  detail: string;
}

/** What is planned for a service: to put it there, to take it out, or to make it what another spec says. */
export const planActions = ['add', 'remove', 'change'] as const;
export type PlanAction = (typeof planActions)[number];

export interface Plan {
  action: PlanAction;
  /** `unchanged`: nothing to do (the identical service is there already, or nothing is left of it); the commits are empty. */
  outcome: 'changes' | 'unchanged';
  commits: PlannedCommit[];
  /** Every file once, base to result, sorted by first commit and path. */
  files: FileChange[];
  conflicts: Conflict[];
  refusals: Refusal[];
  findings: Finding[];
  followUps: FollowUp[];
  /** sha-256 (hex) of the change set: commit subjects and each file's path, mode and bytes before and after. */
  digest: string;
}

/** A port seen in a file, as the file says it; observations may contradict each other. */
export interface PortObservation extends Place {
  source: 'registry' | 'compose' | 'traefik';
  service: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  /** The port inside the container, and the port's name, where the file says them: they tell a service's ports apart. */
  internal?: PortRange;
  portName?: string;
}

/** Ports that somebody holds outside the repository: a reservation in the database. The caller passes those of the platform's host alone. */
export interface PortClaim {
  service: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  /** Where it is held, for people: `request 12 of dana`. */
  heldBy?: string;
}

/** What is wrong in a spec or a profile. `path` as in the manifest (`ports.0.external`); the line where it came from a file. */
export interface FieldProblem {
  path: string;
  message: string;
  line?: number;
}

/** One guess of an inferred profile: which key it set, to what, and what in the tree it was read from. */
export interface Inference extends Partial<Place> {
  /** Path of the key in the profile (`traefik.dynamic`). */
  key: string;
  value: unknown;
  evidence: string;
}
