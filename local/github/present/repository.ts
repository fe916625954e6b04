/** The repository as GitHub shows it. */
import { accountId, permits, type Permission } from '../accounts';
import { DEFAULT_BRANCH, type Hub } from '../hub';
import { nodeId, presentUser } from './user';

/** The repository's own REST address. */
export function repositoryUrl(hub: Hub): string {
  return `${hub.apiUrl}/repos/${hub.fullName}`;
}

/** The repository's page for people. */
export function repositoryPage(hub: Hub): string {
  return `${hub.baseUrl}/${hub.fullName}`;
}

export function repositoryId(hub: Hub): number {
  return accountId(hub.fullName);
}

function addresses(hub: Hub) {
  const url = repositoryUrl(hub);
  const page = repositoryPage(hub);
  return {
    url,
    html_url: page,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_url: `git:${page.replace(/^https?:/, '')}.git`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    ssh_url: `git@${new URL(page).hostname}:${hub.fullName}.git`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    svn_url: page,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
    clone_url: `${page}.git`,
    hooks_url: `${url}/hooks`,
  };
}

/** GitHub's `repository`, as it stands inside pull requests and events. */
export function presentRepository(hub: Hub) {
  const open = hub.state.issues.filter((issue) => issue.state === 'open').length;
  const id = repositoryId(hub);
  return {
    id,
    node_id: nodeId('Repository', id),
    name: hub.name,
    full_name: hub.fullName,
    owner: presentUser(hub, hub.owner),
    private: true,
    description: 'The platform repository (a local stand-in)',
    fork: false,
    ...addresses(hub),
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: 0,
    forks: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: 0,
    default_branch: DEFAULT_BRANCH,
    open_issues_count: open,
    open_issues: open,
    is_template: false,
    topics: [] as string[],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: 'private',
    pushed_at: hub.state.pushedAt,
    created_at: hub.state.createdAt,
    updated_at: hub.state.pushedAt,
    license: null,
    allow_forking: false,
    web_commit_signoff_required: false,
  };
}

/** GitHub's `full-repository`, with what the caller may do. */
export function presentFullRepository(hub: Hub, permission: Permission) {
  return {
    ...presentRepository(hub),
    permissions: {
      admin: permits(permission, 'admin'),
      maintain: permits(permission, 'admin'),
      push: permits(permission, 'push'),
      triage: permits(permission, 'push'),
      pull: permits(permission, 'read'),
    },
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: false,
    allow_auto_merge: false,
    allow_update_branch: true,
    delete_branch_on_merge: false,
    subscribers_count: 0,
    network_count: 0,
    organization: presentUser(hub, hub.owner),
  };
}
