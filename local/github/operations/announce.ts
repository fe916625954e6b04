/** Events as webhooks get them: each with the repository, its organisation and who did it. */
import type { GitHubAccount } from '../accounts';
import { isoOf, type Hub } from '../hub';
import { changesBetween } from '../present/commit';
import { presentRepository, repositoryPage, repositoryUrl } from '../present/repository';
import { nodeId, presentUser } from '../present/user';
import { emailOf } from '../accounts';

export const NO_COMMIT = '0'.repeat(40);

function presentOrganisation(hub: Hub) {
  const { login, id, avatar_url } = presentUser(hub, hub.owner);
  const url = `${hub.apiUrl}/orgs/${hub.owner}`;
  return { login, id, node_id: nodeId('Organization', id), url, avatar_url, description: null };
}

/** Emits an event of the write that is going on. */
export function announce(hub: Hub, actor: GitHubAccount, event: string, action: string | null, content: object): void {
  const common = {
    repository: presentRepository(hub),
    organization: presentOrganisation(hub),
    sender: presentUser(hub, actor.login),
  };
  hub.emit(event, action, { ...(action === null ? {} : { action }), ...content, ...common });
}

async function pushedCommit(hub: Hub, sha: string) {
  const commit = await hub.objects.requireCommit(sha);
  const changes = await changesBetween(hub, commit.parents[0], sha);
  const paths = (status: string) => changes.filter((file) => file.status === status).map((file) => file.path);
  const person = ({ name, email }: { name: string; email: string }) => {
    const account = hub.accounts.byEmail(email);
    return { name, email, ...(account === undefined ? {} : { username: account.login }) };
  };
  return {
    id: sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: isoOf(commit.committer.date),
    url: `${repositoryPage(hub)}/commit/${sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  };
}

const COMMITS_IN_PUSH = 2048;

/** Emits `push`, and `create` or `delete` where the ref came or went. `NO_COMMIT` stands for a ref that is not there. */
export async function announcePush(
  hub: Hub,
  actor: GitHubAccount,
  ref: string,
  before: string,
  after: string,
): Promise<void> {
  const created = before === NO_COMMIT;
  const deleted = after === NO_COMMIT;
  const refType = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  const shortName = ref.replace(/^refs\/(heads|tags)\//, '');
  const pusher = { name: actor.login, email: emailOf(actor) };
  const known = created ? hub.refs.branch('main') : before;
  const commits = deleted ? [] : await hub.history.between(known === after ? undefined : known, after);
  const listed = created && known === after ? [] : commits.slice(-COMMITS_IN_PUSH);
  if (created) {
    const content = {
      ref: shortName,
      ref_type: refType,
      master_branch: 'main',
      description: null,
      pusher_type: 'user',
    };
    announce(hub, actor, 'create', null, content);
  }
  announce(hub, actor, 'push', null, {
    ref,
    before,
    after,
    created,
    deleted,
    forced: !created && !deleted && !(await hub.history.contains(after, before)),
    base_ref: null,
    compare: `${repositoryUrl(hub)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: await Promise.all(listed.map((sha) => pushedCommit(hub, sha))),
    head_commit: deleted ? null : await pushedCommit(hub, after),
    pusher,
  });
  if (deleted) announce(hub, actor, 'delete', null, { ref: shortName, ref_type: refType, pusher_type: 'user' });
}
