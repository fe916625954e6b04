/** `slipway verify`: whether a pull request is what its record gives, byte for byte. */
import { readFileSync } from 'node:fs';
import { EnvironmentError } from '@/lib/env';
import { decodeChangeRecord, digestInBody, parseResolved, type ChangeRecord } from '@/lib/generator/change-record';
import type { ResolvedManifest } from '@/lib/generator/types';
import { verifyChange, type BranchState } from '@/lib/generator/verify-change';
import { exitCodes } from './exit-codes';
import { readBranch } from './git-checkout';
import type { Streams } from './plan';
import { explainSystemError, UsageError } from './usage-error';

export type VerifyCommand =
  /** Body and head from GitHub; the commits too, unless a checkout has them. */
  | { from: 'github'; number: number; repo?: string; spec?: string }
  /** `base` is the branch that the head is to be merged into. */
  | { from: 'checkout'; repo: string; base: string; head: string; body: string; spec?: string };

/**
 * Verifies and says what differs.
 * @returns the exit code.
 * @throws UsageError where something cannot be read.
 */
export async function runVerify(command: VerifyCommand, streams: Streams): Promise<number> {
  const resolved = command.spec === undefined ? undefined : parseResolved(readText(command.spec, 'The spec'));
  if (command.spec !== undefined && !resolved) {
    streams.err(`${command.spec} is no resolved spec: \`slipway plan --format json\` prints one as "resolved".\n`);
    return exitCodes.invalid;
  }
  const pull = await readPullRequest(command);
  if ('problem' in pull) {
    streams.err(`${pull.problem}\n`);
    return exitCodes.differs;
  }
  const { body, branch } = pull;
  const decoded = decodeChangeRecord(body);
  const found = resolved ? { record: withSpec(resolved, decoded, branch.start) } : decoded;
  if ('problem' in found) {
    streams.err(`${found.problem}\n`);
    return exitCodes.differs;
  }
  const { digest, differences } = verifyChange(found.record, digestInBody(body), branch);
  if (differences.length > 0) {
    streams.err(`${differences.map((one) => `- ${one}\n`).join('')}\n`);
    streams.err('This is not what Slipway planned. Look at every commit of the branch, or plan again.\n');
    return exitCodes.differs;
  }
  const { action, baseSha, resolved: verified } = found.record;
  const files = branch.changed.length === 1 ? '1 file' : `${branch.changed.length} files`;
  streams.out(`Verified: ${action} ${verified.name} on ${baseSha.slice(0, 7)}, ${files}, change set ${digest}.\n`);
  return exitCodes.done;
}

/** The body with the branch. Where the branch starts comes from the history alone, never from the body. */
async function readPullRequest(
  command: VerifyCommand,
): Promise<{ body: string; branch: BranchState } | { problem: string }> {
  if (command.from === 'checkout')
    return { body: readText(command.body, 'The body'), branch: readBranch(command.repo, command.base, command.head) };
  // GitHub's settings are read when they are needed, and not by the other commands.
  const { readPullRequestEnds, readPullRequestBranch } = await import('@/lib/workflows/read-branch');
  const { repo, number } = command;
  const { body, head, start, target, plannedFor } = await readPullRequestEnds(number).catch(explainUpstream);
  if (target !== plannedFor) return { problem: `It goes into ${target}, and Slipway plans for ${plannedFor}.` };
  const branch =
    repo === undefined
      ? await readPullRequestBranch(number, start, head).catch(explainUpstream)
      : readBranch(repo, start, head);
  return { body, branch };
}

/** A resolved spec in place of the record's; action and base stay the record's, or are add and where the branch starts. */
function withSpec(
  resolved: ResolvedManifest,
  decoded: ReturnType<typeof decodeChangeRecord>,
  start: string,
): ChangeRecord {
  return 'record' in decoded ? { ...decoded.record, resolved } : { action: 'add', baseSha: start, resolved };
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${what} cannot be read: ${explainSystemError(error, path)}`);
  }
}

function explainUpstream(error: unknown): never {
  if (error instanceof EnvironmentError)
    throw new UsageError(
      `GitHub cannot be asked. Set these, or read a checkout without --pr:\n${error.problems.map((one) => `  - ${one}`).join('\n')}`,
    );
  throw new UsageError(error instanceof Error ? error.message : String(error));
}
