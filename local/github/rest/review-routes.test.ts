import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openPullRequest, refusal, REPOSITORY, startTestGitHub, TOKENS, type TestGitHub } from '../test-github';
import { startReceiver, type Receiver } from '../test-receiver';

let test: TestGitHub;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  test = await startTestGitHub({ webhook: { url: receiver.url, secret: 'a secret for the webhook' } });
  await openPullRequest(test.octokit(), 'work', { 'README.md': '# Platform\nOne more line.\n' });
  await heard();
});
afterEach(async () => {
  await test.close();
  await receiver.close();
});

const at = { ...REPOSITORY, pull_number: 1 };
const operator = () => test.octokit(TOKENS.operator);
const headOf = async () => (await operator().pulls.get(at)).data.head.sha;

/** What the webhook was told since the last time. */
async function heard(): Promise<string[]> {
  await test.control('POST', 'webhook/idle');
  return receiver.received.splice(0).map(({ event, payload }) => {
    const { action } = payload;
    return typeof action === 'string' ? `${event} ${action}` : event;
  });
}
const timeline = async () =>
  (await operator().issues.listEventsForTimeline({ ...REPOSITORY, issue_number: 1 })).data.map(({ event }) => event);

describe('comments on lines', () => {
  it('belong to a review, carry their hunk, and are answered', async () => {
    const { data: made } = await operator().pulls.createReviewComment({
      ...at,
      commit_id: await headOf(),
      path: 'README.md',
      line: 2,
      body: 'Why?',
    });
    expect(made).toMatchObject({ path: 'README.md', line: 2, body: 'Why?', user: { login: 'operator' } });
    expect(made.diff_hunk).toBe('@@ -1 +1,2 @@\n # Platform\n+One more line.');
    expect(made.html_url).toBe(`${test.github.url}/ravenhelm/platform/pull/1#discussion_r${made.id}`);
    const [review] = (await operator().pulls.listReviews(at)).data;
    expect(review).toMatchObject({ id: made.pull_request_review_id, state: 'COMMENTED', body: '' });
    expect(await heard()).toEqual(['pull_request_review_comment created', 'pull_request_review submitted']);

    await test.octokit().pulls.createReplyForReviewComment({ ...at, comment_id: made.id, body: 'Because.' });
    expect(await heard()).toEqual(['pull_request_review_comment created']);
    const { data } = await operator().pulls.listReviewComments(at);
    expect(data.map(({ body, in_reply_to_id }) => [body, in_reply_to_id])).toEqual([
      ['Why?', undefined],
      ['Because.', made.id],
    ]);
    expect((await operator().pulls.get(at)).data.review_comments).toBe(2);
    const page = await fetch(`${test.github.url}/ravenhelm/platform/pull/1`);
    expect(await page.text()).toContain(`id="discussion_r${made.id}"`);
  });

  it('are refused where the pull request shows no such line, and then nothing of the review is kept', async () => {
    const comment = { path: 'README.md', line: 2, body: 'Here' };
    for (const wrong of [{ line: 9 }, { path: 'bin/start.sh' }]) {
      const review = { ...at, event: 'COMMENT' as const, comments: [comment, { ...comment, ...wrong }] };
      expect((await refusal(operator().pulls.createReview(review))).status).toBe(422);
    }
    expect((await operator().pulls.listReviewComments(at)).data).toEqual([]);
    expect(await heard()).toEqual([]);
  });
});

describe('reviews are asked for and taken back', () => {
  it('tells who was asked, once, and who no longer', async () => {
    const ask = () => test.octokit().pulls.requestReviewers({ ...at, reviewers: ['operator', 'reader'] });
    await ask();
    expect(await heard()).toEqual(['pull_request review_requested', 'pull_request review_requested']);
    await ask();
    await test.octokit().pulls.removeRequestedReviewers({ ...at, reviewers: ['reader'] });
    expect(await heard()).toEqual(['pull_request review_request_removed']);
    expect(await timeline()).toEqual(['review_requested', 'review_requested', 'review_request_removed']);
    const [first] = (await operator().issues.listEventsForTimeline({ ...REPOSITORY, issue_number: 1 })).data;
    expect(first).toMatchObject({ actor: { login: 'slipway-bot' }, requested_reviewer: { login: 'operator' } });
  });

  it('dismisses what approved or asked for changes, and nothing else', async () => {
    const { data: review } = await operator().pulls.createReview({ ...at, event: 'REQUEST_CHANGES', body: 'No.' });
    await heard();
    const dismiss = () => operator().pulls.dismissReview({ ...at, review_id: review.id, message: 'Settled.' });
    expect((await dismiss()).data).toMatchObject({ id: review.id, state: 'DISMISSED' });
    expect(await heard()).toEqual(['pull_request_review dismissed']);
    expect((await refusal(dismiss())).status).toBe(422);
    const entries = (await operator().issues.listEventsForTimeline({ ...REPOSITORY, issue_number: 1 })).data;
    expect(entries.at(-1)).toMatchObject({
      event: 'review_dismissed',
      dismissed_review: { review_id: review.id, state: 'changes_requested', dismissal_message: 'Settled.' },
    });
  });

  it('and the timeline tells of closing, reopening, merging and the branch', async () => {
    await operator().pulls.update({ ...at, state: 'closed' });
    await operator().pulls.update({ ...at, state: 'open' });
    await operator().pulls.merge(at);
    await operator().git.deleteRef({ ...REPOSITORY, ref: 'heads/work' });
    expect(await timeline()).toEqual(['closed', 'reopened', 'merged', 'closed', 'head_ref_deleted']);
  });
});
