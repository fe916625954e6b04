import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { refusal, REPOSITORY, startTestGitHub, TOKENS, type TestGitHub } from '../test-github';

let test: TestGitHub;
let now: Date;

beforeEach(async () => {
  now = new Date('2026-11-21T10:00:00Z');
  test = await startTestGitHub({ clock: () => now });
});

afterEach(() => test.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${test.github.apiUrl}${path}`, { headers: { authorization: `token ${TOKENS.bot}`, ...headers } });
const message = async (response: Response) => ((await response.json()) as { message: string }).message;
const create = (token: string, name = 'new') =>
  test.octokit(token).issues.createLabel({ ...REPOSITORY, name, color: 'ffffff' });

describe('who may what', () => {
  it('knows the owner of a token', async () => {
    const { data, headers } = await test.octokit(TOKENS.operator).users.getAuthenticated();
    expect([data.login, data.name]).toEqual(['operator', 'Owen Operator']);
    expect(headers['x-oauth-scopes']).toBe('repo');
    expect((await test.octokit(TOKENS.reader).repos.get(REPOSITORY)).data.permissions).toMatchObject({
      pull: true,
      push: false,
    });
    expect((await test.octokit().repos.get(REPOSITORY)).data.permissions).toMatchObject({ push: true, admin: false });
  });

  it('refuses an unknown token everywhere with 401', async () => {
    const client = test.octokit('no-such-token');
    expect(await refusal(client.repos.get(REPOSITORY))).toMatchObject({ status: 401, message: 'Bad credentials' });
    expect(await refusal(client.users.getAuthenticated())).toMatchObject({ status: 401, message: 'Bad credentials' });
  });

  it('hides the private repository from strangers and from those without a token', async () => {
    expect(await refusal(test.octokit(TOKENS.stranger).repos.get(REPOSITORY))).toMatchObject({
      status: 404,
      message: 'Not Found',
    });
    const anonymous = await fetch(`${test.github.apiUrl}/repos/ravenhelm/platform`);
    expect([anonymous.status, await message(anonymous)]).toEqual([404, 'Not Found']);
    const user = await fetch(`${test.github.apiUrl}/user`);
    expect([user.status, await message(user)]).toEqual([401, 'Requires authentication']);
    expect(await refusal(test.octokit().repos.get({ owner: 'ravenhelm', repo: 'other' }))).toMatchObject({
      status: 404,
    });
  });

  it('lets a reading token read, and refuses what it writes with 403', async () => {
    expect(await refusal(create(TOKENS.reader))).toMatchObject({
      status: 403,
      message: 'Resource not accessible by personal access token',
    });
    const labels = await test.octokit(TOKENS.reader).issues.listLabelsForRepo(REPOSITORY);
    expect(labels.data.map(({ name }) => name)).not.toContain('new');
  });

  it('refuses requests without a User-Agent and bodies that are no JSON', async () => {
    const post = (body: string) =>
      fetch(`${test.github.apiUrl}/repos/ravenhelm/platform/labels`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKENS.bot}` },
        body,
      });
    const broken = await post('{');
    expect([broken.status, await message(broken)]).toEqual([400, 'Problems parsing JSON']);
    const empty = await post('{}');
    expect([empty.status, await message(empty)]).toEqual([422, 'Invalid request.\n\n"name" wasn\'t supplied.']);
    const silent = await get('/user', { 'user-agent': '' });
    expect(silent.status).toBe(403);
  });
});

describe('rate limits', () => {
  it('count down in the headers of every answer, refusals included', async () => {
    const first = await get('/user');
    expect(first.headers.get('x-ratelimit-limit')).toBe('5000');
    const second = await get('/repos/ravenhelm/other');
    expect(second.status).toBe(404);
    expect([first, second].map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['4999', '4998']);
    expect(Number(first.headers.get('x-ratelimit-reset'))).toBe(now.getTime() / 1000 + 3600);
    const { data } = await test.octokit().rateLimit.get();
    expect(data.resources.core).toMatchObject({ limit: 5000, used: 2, remaining: 4998 });
  });

  it('refuse with 403 and nothing remaining until the window is over', async () => {
    await test.control('PUT', 'rate-limit', { limit: 2, windowSeconds: 30 });
    await get('/user');
    await get('/user');
    const refused = await get('/user');
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(await message(refused)).toContain('API rate limit exceeded');
    const other = await test.octokit(TOKENS.operator).users.getAuthenticated();
    expect(other.status).toBe(200);
    now = new Date(Number(refused.headers.get('x-ratelimit-reset')) * 1000);
    expect((await get('/user')).status).toBe(200);
  });

  it('have a second kind for whoever writes too much in a minute', async () => {
    await test.control('PUT', 'rate-limit', { contentPerMinute: 1, retryAfterSeconds: 7 });
    await create(TOKENS.bot, 'one');
    const refused = await create(TOKENS.bot, 'two').catch(
      (error: { status: number; response: { headers: object } }) => error,
    );
    expect(refused).toMatchObject({ status: 403, response: { headers: { 'retry-after': '7' } } });
    expect((await get('/user')).status).toBe(200);
    now = new Date(now.getTime() + 61_000);
    expect((await create(TOKENS.bot, 'two')).status).toBe(201);
  });
});

describe('answers', () => {
  it('that were not modified are 304, empty, and cost nothing', async () => {
    const first = await get('/repos/ravenhelm/platform/labels');
    const etag = first.headers.get('etag') ?? '';
    const again = await get('/repos/ravenhelm/platform/labels', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
    await create(TOKENS.bot);
    const changed = await get('/repos/ravenhelm/platform/labels', { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('carry an id, and links to the other pages of a list', async () => {
    const client = test.octokit();
    for (let index = 0; index < 5; index += 1) await create(TOKENS.bot, `label-${index}`);
    const first = await client.issues.listLabelsForRepo({ ...REPOSITORY, per_page: 3 });
    expect(first.headers['x-github-request-id']).toMatch(/^[0-9A-F]+$/);
    expect(first.headers.link).toContain('page=2>; rel="next"');
    expect(first.headers.link).toContain('page=3>; rel="last"');
    const all = await client.paginate(client.issues.listLabelsForRepo, { ...REPOSITORY, per_page: 3 });
    expect(all).toHaveLength(8);
    expect(new Set(all.map(({ name }) => name)).size).toBe(8);
  });
});
