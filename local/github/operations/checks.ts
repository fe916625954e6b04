/** Check runs and commit statuses are reported. */
import type { GitHubAccount } from '../accounts';
import type { Hub } from '../hub';
import { presentCheck } from '../present/check';
import { presentCommitOf } from '../present/commit';
import type { CheckState, CommitStatusState } from '../state';
import { announce } from './announce';

export type CheckInput = Partial<Omit<CheckState, 'id' | 'headSha' | 'output'>> & {
  output?: Partial<CheckState['output']>;
};

function announceCheck(hub: Hub, actor: GitHubAccount, check: CheckState): void {
  const action = check.status === 'completed' ? 'completed' : 'created';
  announce(hub, actor, 'check_run', action, { check_run: presentCheck(hub, check) });
}

function apply(hub: Hub, check: CheckState, input: CheckInput): void {
  const { output, ...fields } = input;
  Object.assign(check, fields);
  Object.assign(check.output, output);
  if (check.conclusion !== null) {
    check.status = 'completed';
    check.completedAt ??= hub.timestamp();
  }
}

export function createCheck(
  hub: Hub,
  actor: GitHubAccount,
  headSha: string,
  name: string,
  input: CheckInput,
): CheckState {
  const check: CheckState = {
    id: hub.nextId(),
    headSha,
    name,
    externalId: null,
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: hub.timestamp(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
  };
  apply(hub, check, input);
  hub.state.checks.push(check);
  announceCheck(hub, actor, check);
  return check;
}

export function updateCheck(hub: Hub, actor: GitHubAccount, check: CheckState, input: CheckInput): void {
  apply(hub, check, input);
  if (check.status === 'completed') announceCheck(hub, actor, check);
}

export async function createStatus(
  hub: Hub,
  actor: GitHubAccount,
  input: Pick<CommitStatusState, 'sha' | 'state' | 'context' | 'description' | 'targetUrl'>,
): Promise<CommitStatusState> {
  const status = { id: hub.nextId(), creator: actor.login, createdAt: hub.timestamp(), ...input };
  hub.state.statuses.push(status);
  announce(hub, actor, 'status', null, {
    id: status.id,
    sha: status.sha,
    name: hub.fullName,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: await presentCommitOf(hub, status.sha),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  });
  return status;
}
