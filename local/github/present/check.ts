/** Check runs and commit statuses as GitHub shows them, and what they say together. */
import { isPull, type Hub } from '../hub';
import type { CheckState, CommitStatusState } from '../state';
import { presentRepository, repositoryId, repositoryPage, repositoryUrl } from './repository';
import { nodeId, presentUser } from './user';

function pullsWithHead(hub: Hub, sha: string) {
  const repo = { id: repositoryId(hub), url: repositoryUrl(hub), name: hub.name };
  return hub.state.issues.filter(isPull).flatMap((issue) =>
    issue.pull.headSha !== sha || issue.state !== 'open'
      ? []
      : [
          {
            id: issue.id,
            number: issue.number,
            url: `${repositoryUrl(hub)}/pulls/${issue.number}`,
            head: { ref: issue.pull.headRef, sha, repo },
            base: { ref: issue.pull.baseRef, sha: issue.pull.baseSha, repo },
          },
        ],
  );
}

/** GitHub's `check-run`. */
export function presentCheck(hub: Hub, check: CheckState) {
  const url = `${repositoryUrl(hub)}/check-runs/${check.id}`;
  return {
    id: check.id,
    node_id: nodeId('CheckRun', check.id),
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: `${repositoryPage(hub)}/commit/${check.headSha}#check-${check.id}`,
    details_url: check.detailsUrl,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: { ...check.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    name: check.name,
    check_suite: null,
    app: null,
    pull_requests: pullsWithHead(hub, check.headSha),
  };
}

/** GitHub's `status`. */
export function presentStatus(hub: Hub, status: CommitStatusState) {
  return {
    url: `${repositoryUrl(hub)}/statuses/${status.sha}`,
    avatar_url: presentUser(hub, status.creator).avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: presentUser(hub, status.creator),
  };
}

/** The latest status of each context for a commit, newest first. */
export function latestStatuses(hub: Hub, sha: string): CommitStatusState[] {
  const newestFirst = hub.state.statuses.filter((status) => status.sha === sha).reverse();
  return newestFirst.filter(
    (status, index) => newestFirst.findIndex((other) => other.context === status.context) === index,
  );
}

/** The latest check run of each name for a commit, newest first. */
export function latestChecks(hub: Hub, sha: string): CheckState[] {
  const newestFirst = hub.state.checks.filter((check) => check.headSha === sha).reverse();
  return newestFirst.filter((check, index) => newestFirst.findIndex((other) => other.name === check.name) === index);
}

/** GitHub's `combined-commit-status`: success only where every context succeeded. */
export function presentCombinedStatus(hub: Hub, sha: string) {
  const statuses = latestStatuses(hub, sha);
  const some = (...states: string[]) => statuses.some((status) => states.includes(status.state));
  const state = some('failure', 'error') ? 'failure' : statuses.length === 0 || some('pending') ? 'pending' : 'success';
  return {
    state,
    statuses: statuses.map((status) => presentStatus(hub, status)),
    sha,
    total_count: statuses.length,
    repository: presentRepository(hub),
    commit_url: `${repositoryUrl(hub)}/commits/${sha}`,
    url: `${repositoryUrl(hub)}/commits/${sha}/status`,
  };
}

/** Whether any check or status of a commit is not (yet) a success. */
export function hasUnfinishedOrFailedChecks(hub: Hub, sha: string): boolean {
  const fine = ['success', 'neutral', 'skipped'];
  return (
    latestChecks(hub, sha).some((check) => check.conclusion === null || !fine.includes(check.conclusion)) ||
    latestStatuses(hub, sha).some((status) => status.state !== 'success')
  );
}
