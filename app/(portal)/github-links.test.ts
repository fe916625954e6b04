import { describe, expect, it } from 'vitest';
import { githubCommitUrl, githubFileUrl, githubSite } from './github-links';

describe('githubSite', () => {
  it.each([
    ['https://api.github.com', 'https://github.com'],
    ['https://github.example.com/api/v3', 'https://github.example.com'],
    ['https://api.ravenhelm.ghe.com', 'https://ravenhelm.ghe.com'],
    ['http://127.0.0.1:4100', 'http://127.0.0.1:4100'],
  ])('%s belongs to %s', (api, site) => {
    expect(githubSite(api)).toBe(site);
  });
});

it('links a file at its line, with odd characters kept apart from the path', () => {
  expect(githubFileUrl('https://api.github.com', 'ravenhelm/platform', 'abc', 'docs/a b#c.md', 12)).toBe(
    'https://github.com/ravenhelm/platform/blob/abc/docs/a%20b%23c.md#L12',
  );
  expect(githubFileUrl('https://api.github.com', 'r/p', 'abc', 'x.yml')).toBe('https://github.com/r/p/blob/abc/x.yml');
  expect(githubCommitUrl('https://api.github.com', 'r/p', 'abc')).toBe('https://github.com/r/p/commit/abc');
});
