/** Where people see on GitHub what the API tells: files at a commit, line by line. */

/** The site that belongs to an API: github.com, an Enterprise host (`https://HOST/api/v3`), or the same origin. */
export function githubSite(apiUrl: string): string {
  const url = new URL(apiUrl);
  if (url.hostname === 'api.github.com') return 'https://github.com';
  // GitHub Enterprise Cloud with data residency: api.SUBDOMAIN.ghe.com.
  if (/^api\..+\.ghe\.com$/.test(url.hostname)) return `https://${url.hostname.slice('api.'.length)}`;
  return url.origin;
}

/** The file as it is at a commit, at the line. */
export function githubFileUrl(apiUrl: string, repository: string, sha: string, path: string, line?: number): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${githubSite(apiUrl)}/${repository}/blob/${sha}/${encoded}${line === undefined ? '' : `#L${line}`}`;
}

/** The commit itself. */
export function githubCommitUrl(apiUrl: string, repository: string, sha: string): string {
  return `${githubSite(apiUrl)}/${repository}/commit/${sha}`;
}
