/**
 * After a kill between a ref's move and the saving of the state, the state is behind Git. At the start it is brought up to what
 * the refs say, silently: the events of that moment are lost, as a webhook's may be.
 */
import type { Hub } from '../hub';

export async function reconcile(hub: Hub): Promise<void> {
  const now = hub.timestamp();
  for (const request of hub.pulls().filter(({ state }) => state === 'open')) {
    const { pull } = request;
    const [head, base] = [hub.refs.branch(pull.headRef), hub.refs.branch(pull.baseRef)];
    if (base !== undefined && (await hub.history.contains(base, pull.headSha))) {
      request.state = 'closed';
      request.closedAt = request.updatedAt = now;
      pull.mergedAt = now;
      pull.mergeCommitSha = base;
    } else if (head === undefined || base === undefined) {
      request.state = 'closed';
      request.closedAt = request.updatedAt = now;
    } else {
      pull.headSha = head;
    }
  }
}
