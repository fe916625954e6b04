/** `slipway verify`: whether a pull request is what its record gives, byte for byte. */
import { readFileSync } from 'node:fs';
import { decodeChangeRecord, digestInBody, parseResolved, type ChangeRecord } from '@/lib/generator/change-record';
import type { ResolvedManifest } from '@/lib/generator/types';
import { verifyChange, type BranchState } from '@/lib/generator/verify-change';
import { exitCodes } from './exit-codes';
import { readBranch, resolveCommit } from './git-checkout';
import type { Streams } from './plan';
import { explainSystemError, UsageError } from './usage-error';

export type VerifyCommand =
  /** Body and head from GitHub; the commits too, unless a checkout has them. */
  | { from: 'github'; number: number; repo?: string; spec?: string }
  | { from: 'checkout'; repo: string; base?: string; head: string; body: string; spec?: string };

/**
 * Verifies and says what differs.
 * @returns the exit code.
 * @throws UsageError where something cannot be read.
 */
export async function runVerify(command: VerifyCommand, streams: Streams): Promise<number> {
  const { body, branchOf } = await readPullRequest(command);
  const decoded = decodeChangeRecord(body);
  const resolved = command.spec === undefined ? undefined : parseResolved(readText(command.spec, 'The spec'));
  if (command.spec !== undefined && !resolved) {
    streams.err(`${command.spec} is no resolved spec: \`slipway plan --format json\` prints one as "resolved".\n`);
    return exitCodes.invalid;
  }
  const record = resolved ? withSpec(resolved, decoded, command) : decoded;
  if ('problem' in record) {
    streams.err(`${record.problem}\n`);
    return exitCodes.differs;
  }
  const branch = await branchOf(record.record);
  const { digest, differences } = verifyChange(record.record, digestInBody(body), branch);
  if (differences.length > 0) {
    streams.err(`${differences.map((one) => `- ${one}\n`).join('')}\n`);
    streams.err('This is not what Slipway planned. Look at the commits that came after, or plan again.\n');
    return exitCodes.differs;
  }
  const { action, baseSha, resolved: verified } = record.record;
  const files = branch.changed.length === 1 ? '1 file' : `${branch.changed.length} files`;
  streams.out(`Verified: ${action} ${verified.name} on ${baseSha.slice(0, 7)}, ${files}, change set ${digest}.\n`);
  return exitCodes.done;
}

interface ReadPullRequest {
  body: string;
  branchOf: (record: ChangeRecord) => Promise<BranchState>;
}

async function readPullRequest(command: VerifyCommand): Promise<ReadPullRequest> {
  if (command.from === 'checkout') {
    const { repo, head, base } = command;
    return {
      body: readText(command.body, 'The body'),
      branchOf: (record) => Promise.resolve(readBranch(repo, sameBase(repo, base, record), head)),
    };
  }
  // The settings of the portal are read when they are needed, and not by the other commands.
  const { readPullRequestBody, readPullRequestBranch } = await import('@/lib/workflows/read-branch');
  const { repo, number } = command;
  const { body, head } = await readPullRequestBody(number).catch(explainUpstream);
  return {
    body,
    branchOf: (record) =>
      repo === undefined
        ? readPullRequestBranch(number, record.baseSha, head).catch(explainUpstream)
        : Promise.resolve(readBranch(repo, record.baseSha, head)),
  };
}

/** The base that was named must be the record's. */
function sameBase(repo: string, named: string | undefined, record: ChangeRecord): string {
  if (named === undefined || resolveCommit(repo, named) === record.baseSha) return record.baseSha;
  throw new UsageError(`The change was planned on ${record.baseSha.slice(0, 7)}, and --base names another commit.`);
}

/** A resolved spec in place of the record's; action and base stay the record's, or are add and --base. */
function withSpec(
  resolved: ResolvedManifest,
  decoded: ReturnType<typeof decodeChangeRecord>,
  command: VerifyCommand,
): ReturnType<typeof decodeChangeRecord> {
  if ('record' in decoded) return { record: { ...decoded.record, resolved } };
  if (command.from === 'checkout' && command.base !== undefined)
    return { record: { action: 'add', baseSha: resolveCommit(command.repo, command.base), resolved } };
  return decoded;
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${what} cannot be read: ${explainSystemError(error, path)}`);
  }
}

function explainUpstream(error: unknown): never {
  throw new UsageError(error instanceof Error ? error.message : String(error));
}
