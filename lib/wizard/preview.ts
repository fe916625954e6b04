/** What the wizard is told while somebody types: the pull request as it would be, and an answer for each field. Types only. */
import type { FieldProblem } from '@/lib/errors';
import type { DiffFile } from '@/lib/generator/diff-view';
import type { CheckResult, CommitKey, Finding, FollowUp, Refusal } from '@/lib/generator/types';
import type { PoolStrip } from '@/lib/ports/views';
import type { Manifest } from '@/lib/services/manifest';

/** What is said below a field. `fixes` are one-key ways out: the value to put there instead. */
export interface FieldAnswer {
  path: string;
  status: 'ok' | 'taken' | 'warn';
  message: string;
  /** Who has it, with a link inside the portal. */
  owner?: { label: string; href: string };
  fixes?: { label: string; value: string }[];
}

/** One row of 'Checked as you typed'. */
export interface Compared {
  what: string;
  found: string;
  status: 'ok' | 'taken';
  /** Where that was read, and as of when. */
  source: string;
}

export interface PreviewCommit {
  key: CommitKey;
  subject: string;
  files: string[];
}

export interface Preview {
  base: { repository: string; branch: string; sha: string; readAt: string };
  /** Whether the spec is whole and nothing stands in the way: only then is there a digest to submit. */
  ready: boolean;
  digest: string | undefined;
  /** The completed spec that the digest belongs to; it is sent back as it is. */
  manifest: Manifest | undefined;
  /** Fields that are missing or wrong in themselves. */
  problems: FieldProblem[];
  answers: FieldAnswer[];
  leftOut: { path: string; reason: string }[];
  filledIn: Record<string, string>;
  commits: PreviewCommit[];
  files: DiffFile[];
  refusals: Refusal[];
  findings: Finding[];
  checks: (CheckResult & { durationMs: number })[];
  followUps: FollowUp[];
  compared: Compared[];
  pool: PoolStrip | undefined;
  /** The ports as they would be reserved now, by the row's name. */
  ports: { name: string; protocol: 'tcp' | 'udp'; from: number; to: number }[];
  /** The page that it gets: what people call it, its path, whether pages go by numbers here, and its number. */
  runbook: { name: string; path: string; numbered: boolean; number: number | undefined } | undefined;
  /** Milliseconds that the whole answer took on the server. */
  tookMs: number;
}

/** What the form offers to choose from, by the platform's profile and main. */
export interface WizardOptions {
  platform: { name: string; domain: string; host: string };
  categories: {
    name: string;
    title: string;
    pool: string | undefined;
    stack: string | undefined;
    owner: string | undefined;
  }[];
  owners: string[];
  stacks: { name: string; file: string }[];
  networks: { defaultNetwork: string; others: string[] };
  /** Services of each stack, for depends-on. */
  services: { name: string; stack: string | undefined }[];
  kubernetes: boolean;
  /** Whether charts may be blocks of a shared one. */
  sharedChart: boolean;
  /** The Compose file that is an alternative to the stacks. */
  rootFile: string | undefined;
  /** The second domain under which each host is reached as well. */
  twinDomain: string | undefined;
  /** The identity provider of services that sign people in themselves. */
  oauthIssuer: string | undefined;
  /** Whether a service's own code can be delivered from this repository. */
  delivery: boolean;
  /** Whether the profile was read from slipway.yaml or guessed. */
  profileSource: 'file' | 'inferred';
  tracker: boolean;
}
