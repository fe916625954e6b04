/** What happens to an issue or pull request, noted for its timeline. */
import type { GitHubAccount } from '../accounts';
import type { Hub } from '../hub';
import type { IssueEventState, IssueState } from '../state';

/** Notes an event of the write that is going on. */
export function noteEvent(
  hub: Hub,
  actor: GitHubAccount,
  issue: IssueState,
  event: IssueEventState['event'],
  about: Partial<Pick<IssueEventState, 'commitId' | 'requestedReviewer' | 'dismissed'>> = {},
): void {
  hub.state.issueEvents.push({
    id: hub.nextId(),
    issue: issue.number,
    event,
    actor: actor.login,
    createdAt: hub.timestamp(),
    commitId: null,
    requestedReviewer: null,
    dismissed: null,
    ...about,
  });
}
