import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commitFiles, openPullRequest, readBytes, REPOSITORY, startTestGitHub, type TestGitHub } from '../test-github';
import { startReceiver, type Receiver } from '../test-receiver';

let test: TestGitHub;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  test = await startTestGitHub({ webhook: { url: receiver.url, secret: 'a secret for the webhook' } });
});

afterEach(async () => {
  await test.close();
  await receiver.close();
});

const at = (number: number) => ({ ...REPOSITORY, pull_number: number });
const home = '/ravenhelm/platform';

async function page(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(test.github.url + path);
  return { status: response.status, text: await response.text() };
}

async function act(fields: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${test.github.url}${home}/pull/1/actions`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: test.github.url, ...headers },
    body: new URLSearchParams({ actor: 'operator', text: '', ...fields }),
  });
  return { status: response.status, text: await response.text() };
}

const pull = async () => (await test.octokit().pulls.get(at(1))).data;

async function events(): Promise<string[]> {
  await test.control('POST', 'webhook/idle');
  return receiver.received.map(({ event, payload }) =>
    typeof payload.action === 'string' ? `${event} ${payload.action}` : event,
  );
}

describe('the page of a pull request', () => {
  it('shows title, text, commits, changes, checks and words, and says what it is', async () => {
    const client = test.octokit();
    await commitFiles(client, 'work', { 'README.md': '# Changed\n' }, { message: 'Reword the head' });
    const body =
      '## Why\n\n| port | host |\n|---|---|\n| 9001 | a.test |\n\n- [x] done\n\nSee [docs](https://docs.test/x).';
    await client.pulls.create({ ...REPOSITORY, title: 'Add one', head: 'work', base: 'main', body });
    const { sha } = (await pull()).head;
    await client.checks.create({ ...REPOSITORY, name: 'lint', head_sha: sha, conclusion: 'failure' });
    await client.issues.createComment({ ...REPOSITORY, issue_number: 1, body: 'A **bold** word' });
    const { status, text } = await page(`${home}/pull/1`);
    expect(status).toBe(200);
    for (const part of ['Add one', 'Reword the head', '<td>9001</td>', 'lint', 'failure', '<strong>bold</strong>']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('<a href="https://docs.test/x" rel="noreferrer">docs</a>');
    expect(text).toContain('+# Changed');
    expect(text).toContain('-# Platform');
    expect(text).toContain('local stand-in for GitHub');
    expect((await page(home)).text).toContain('Add one');
  });

  it('lets nothing that somebody wrote become markup', async () => {
    const evil = '<script>alert(1)</script>';
    await commitFiles(test.octokit(), 'work', { 'a.html': `${evil}\n` }, { message: evil });
    const body = `${evil}\n\n[x](javascript:alert(1)) [y](//evil.test) \`${evil}\` **${evil}**\n\n| ${evil} |\n|---|\n| ${evil} |\n\n# ${evil}`;
    await test.octokit().pulls.create({ ...REPOSITORY, title: evil, head: 'work', base: 'main', body });
    await act({ action: 'comment', text: `${evil} "onmouseover=x` });
    for (const path of ['', '/pull/1', '/blob/work/a.html', `/commit/${(await pull()).head.sha}`]) {
      const { status, text } = await page(home + path);
      expect(status).toBe(200);
      expect(text).toContain('&lt;script&gt;');
      expect(text).not.toContain('<script');
      expect(text).not.toContain('href="javascript');
      expect(text).not.toContain('href="//evil');
    }
  });

  it('names what conflicts', async () => {
    await openPullRequest(test.octokit(), 'work', { 'README.md': '# One\n' });
    await commitFiles(test.octokit(), 'main', { 'README.md': '# Two\n' });
    const { text } = await page(`${home}/pull/1`);
    expect(text).toMatch(/conflicts with main[\s\S]*<code>README.md<\/code>/);
    const refused = await act({ action: 'merge' });
    expect([refused.status, refused.text.includes('Pull Request is not mergeable')]).toEqual([405, true]);
  });
});

describe('its forms', () => {
  beforeEach(async () => {
    await openPullRequest(test.octokit(), 'work', { 'a.txt': 'a\n' });
    await events();
    receiver.received.length = 0;
  });

  it('comment and approve as the chosen person', async () => {
    expect((await act({ action: 'comment', text: 'Looks\r\ngood' })).status).toBe(303);
    expect((await act({ action: 'request-changes' })).status).toBe(422);
    expect((await act({ action: 'request-changes', text: 'Not yet' })).status).toBe(303);
    expect((await act({ action: 'approve', text: 'Go' })).status).toBe(303);
    const comments = await test.octokit().issues.listComments({ ...REPOSITORY, issue_number: 1 });
    expect(comments.data.map(({ user, body }) => [user?.login, body])).toEqual([['operator', 'Looks\ngood']]);
    const reviews = await test.octokit().pulls.listReviews(at(1));
    expect(reviews.data.map(({ user, state }) => [user?.login, state])).toEqual([
      ['operator', 'CHANGES_REQUESTED'],
      ['operator', 'APPROVED'],
    ]);
    expect(await events()).toEqual([
      'issue_comment created',
      'pull_request_review submitted',
      'pull_request_review submitted',
    ]);
    expect((await page(`${home}/pull/1`)).text).toContain('approved');
  });

  it('merge the head that the person saw, and no other', async () => {
    const { sha } = (await pull()).head;
    await commitFiles(test.octokit(), 'work', { 'late.txt': 'late\n' });
    const refused = await act({ action: 'merge', sha });
    expect([refused.status, refused.text.includes('Head branch was modified')]).toEqual([409, true]);
    await events();
    receiver.received.length = 0;
    expect((await act({ action: 'merge', sha: (await pull()).head.sha, text: 'Thanks' })).status).toBe(303);
    expect(await pull()).toMatchObject({ merged: true, merged_by: { login: 'operator' }, comments: 1 });
    expect((await readBytes(test.octokit(), 'late.txt')).toString()).toBe('late\n');
    expect(await events()).toEqual(['pull_request closed', 'push', 'issue_comment created']);
    const { text } = await page(`${home}/pull/1`);
    expect(text).toContain('Merged by operator');
    expect(text).not.toMatch(/value="(merge|reopen|close)"/);
  });

  it('close and reopen', async () => {
    await act({ action: 'close' });
    expect(await pull()).toMatchObject({ state: 'closed', merged: false });
    expect((await page(`${home}/pull/1`)).text).toContain('value="reopen"');
    await act({ action: 'reopen' });
    expect((await pull()).state).toBe('open');
    expect(await events()).toEqual(['pull_request closed', 'pull_request reopened']);
  });

  it('refuse the author’s approval, strangers, readers, and empty comments, in words', async () => {
    const own = await act({ action: 'approve', actor: 'slipway-bot' });
    expect([own.status, own.text.includes('Can not approve your own pull request')]).toEqual([422, true]);
    expect((await act({ action: 'merge', actor: 'reader' })).status).toBe(403);
    expect((await act({ action: 'merge', actor: 'nobody' })).status).toBe(403);
    expect((await act({ action: 'comment', text: '  ' })).status).toBe(422);
    expect((await pull()).state).toBe('open');
    expect(await events()).toEqual([]);
  });

  it('refuse what another site or no page sent', async () => {
    expect((await act({ action: 'merge' }, { origin: 'http://evil.test' })).status).toBe(403);
    expect((await act({ action: 'merge' }, { origin: 'null' })).status).toBe(403);
    expect((await pull()).merged).toBe(false);
  });
});

describe('other pages', () => {
  it('show folders, files on branches with slashes, raw text, commits, diffs and issues', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'slipway/one', { 'docs/new file.md': 'Hello\n' });
    await client.issues.create({ ...REPOSITORY, title: 'Broken', body: 'How' });
    expect((await page(`${home}/tree/main`)).text).toContain(`${home}/tree/main/config`);
    expect((await page(`${home}/blob/slipway/one/docs/new%20file.md`)).text).toContain('Hello');
    expect(await page(`${home}/raw/main/bin/start.sh`)).toEqual({ status: 200, text: '#!/bin/sh\necho start\n' });
    expect((await page(`${home}/blob/main/logo.bin`)).text).toContain('binary');
    expect((await page(`${home}/commit/${(await pull()).head.sha}`)).text).toContain('Change files');
    expect((await page(`${home}/pull/1.diff`)).text).toContain('+++ b/docs/new file.md');
    expect((await page(`${home}/issues/2`)).text).toContain('Broken');
  });

  it.each(['/pull/9', '/blob/main/none', '/tree/none', '/commit/abc', '/wiki'])('answer 404 for %s', async (path) => {
    expect((await page(home + path)).status).toBe(404);
  });
});
