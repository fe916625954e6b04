/** Users and the organisation as GitHub shows them. */
import { accountId, emailOf, type GitHubAccount } from '../accounts';
import { isoOf, type Hub } from '../hub';

/** GitHub's opaque id of a thing. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}

/** GitHub's `simple-user`. */
export function presentUser(hub: Hub, login: string) {
  const url = `${hub.apiUrl}/users/${login}`;
  const id = accountId(login);
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `${hub.baseUrl}/avatars/u/${id}`,
    gravatar_id: '',
    url,
    html_url: `${hub.baseUrl}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: login === hub.owner ? 'Organization' : 'User',
    site_admin: false,
  };
}

/** GitHub's `private-user`: what a token's owner sees of itself. */
export function presentSelf(hub: Hub, account: GitHubAccount) {
  const since = isoOf(new Date(hub.state.createdAt));
  return {
    ...presentUser(hub, account.login),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: emailOf(account).endsWith('.localhost') ? null : emailOf(account),
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: since,
    updated_at: since,
    private_gists: 0,
    total_private_repos: 1,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}
