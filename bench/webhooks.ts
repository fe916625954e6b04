/**
 * From GitHub's webhook to the page: a person merges, reviews or comments, GitHub sends its webhook, and two pages are open, the request's own and a list of
 * requests. What is measured is the time from the moment in which GitHub sent it to the moment in which the page's EventSource has the event.
 */
import type { BenchStack } from './bench-stack';
import { openStream, type OpenStream, type ServerEvent } from './event-stream';
import type { Report } from './report';
import { readRequests, until, untilQuiet, type RequestTruth } from './truth';
import { startWebhookRelay, type Delivery, type WebhookRelay } from './webhook-relay';

const WITHIN_MS = 2000;
/** GitHub itself waits ten seconds; Slipway promises one. */
const ANSWERED_MS = 1000;
const PATIENCE_MS = 60_000;

type Action = 'comment' | 'approve' | 'merge';

/** How GitHub's webhook and the page's event of what somebody did are known. */
const SIGNS: Record<Action, { event: string; title: RegExp }> = {
  comment: { event: 'issue_comment', title: /commented$/ },
  approve: { event: 'pull_request_review', title: /approved$/ },
  merge: { event: 'pull_request', title: /^Merged/ },
};

interface Times {
  request: number[];
  list: number[];
  answered: number[];
}

/**
 * @param rounds.talk how often somebody comments and approves. @param rounds.merge how often somebody merges; so many pull requests have to be open. Each is
 * done when nothing else is going on, what else the merge before set off included.
 */
export async function measureWebhooks(
  bench: BenchStack,
  report: Report,
  rounds: { talk: number; merge: number },
): Promise<void> {
  const relay = await startWebhookRelay(bench.portals.map(({ url }) => url));
  await bench.github.sendWebhooksTo(relay.url, bench.stack.env.GITHUB_WEBHOOK_SECRET ?? '');
  const times: Record<Action, Times> = { comment: none(), approve: none(), merge: none() };
  try {
    for (let round = 0; round < rounds.talk; round += 1)
      for (const action of ['comment', 'approve'] as const)
        await follow(bench, relay, { action, round }, times[action]);
    for (let round = 0; round < rounds.merge; round += 1)
      await follow(bench, relay, { action: 'merge', round }, times.merge);
  } finally {
    await relay.close();
  }
  for (const [action, { request, list }] of Object.entries(times)) {
    report.times(`webhook to the request's page, ${action}`, request, WITHIN_MS);
    if (list.length > 0) report.times(`webhook to the list of requests, ${action}`, list, WITHIN_MS);
  }
  const answered = Object.values(times).flatMap((one) => one.answered);
  report.times('answer to a webhook', answered, ANSWERED_MS);
}

const none = (): Times => ({ request: [], list: [], answered: [] });

/** Main moves with each merge: an open request whose branch merges again, and whose head is known. */
function untilMergeable({ database, github }: BenchStack): Promise<RequestTruth> {
  return until('a pull request is mergeable', async () => {
    const [request] = (await readRequests(database)).filter(({ state }) => state === 'in_review');
    if (!request) throw new Error('no pull request is left to measure with');
    const pull = await github.pull(request.pullNumber ?? 0);
    return pull.mergeable === true ? { ...request, headSha: pull.head.sha } : undefined;
  });
}

async function follow(
  bench: BenchStack,
  relay: WebhookRelay,
  { action, round }: { action: Action; round: number },
  times: Times,
): Promise<void> {
  const { portals, github, database } = bench;
  await untilQuiet(database);
  const request = await untilMergeable(bench);
  // Another portal than the one that gets the webhook, as it may be.
  const portal = portals[round % portals.length] ?? portals[0];
  const page = await openStream(portal, `/api/v1/requests/${request.id}/events`);
  const list = await openStream(portal, '/api/v1/events?topics=requests');
  const text = `Measured in round ${round + 1}, ${action}`;
  try {
    await Promise.all([begun(page, 'change'), begun(list, 'ready')]);
    const from = performance.now();
    const { event, title } = SIGNS[action];
    await github.act(request.pullNumber ?? 0, action, action === 'merge' ? { sha: request.headSha ?? '' } : { text });
    const sent = await until('GitHub sent its webhook', () =>
      Promise.resolve(sentWith(relay, { event, action, text, from })),
    );
    // Comments and reviews are in no list.
    const listed = action === 'merge' ? whenListed(bench, list, request.id, sent.at) : undefined;
    const isShown = (one: ServerEvent) => isEntry(one, title, action === 'merge' ? undefined : text);
    const [shown, listedAt] = await Promise.all([page.next(isShown, { from, timeoutMs: PATIENCE_MS }), listed]);
    times.request.push(shown.at - sent.at);
    times.answered.push(sent.answeredMs);
    if (listedAt !== undefined) times.list.push(listedAt - sent.at);
  } finally {
    page.close();
    list.close();
  }
}

/** When the list was told to look and there was something to see: what else moves at the time is told of the same way. */
async function whenListed({ database }: BenchStack, list: OpenStream, id: number, sentAt: number): Promise<number> {
  let at = sentAt;
  return until('the list was told', async () => {
    const after = at;
    const told = await list.next((one) => one.event === 'change' && one.at > after, {
      from: after,
      timeoutMs: PATIENCE_MS,
    });
    at = told.at;
    const request = (await readRequests(database)).find((one) => one.id === id);
    return request?.state === 'merged' || request?.state === 'live' ? at : undefined;
  });
}

function begun(stream: OpenStream, event: string): Promise<ServerEvent> {
  return stream.next((one) => one.event === event, { from: 0, timeoutMs: PATIENCE_MS });
}

function sentWith(
  { deliveries }: WebhookRelay,
  { event, action, text, from }: { event: string; action: Action; text: string; from: number },
): Delivery | undefined {
  return deliveries.find(
    (one) =>
      one.at >= from &&
      one.event === event &&
      (action === 'merge' ? /"merged":true/.test(one.text) : one.text.includes(text)),
  );
}

function isEntry({ event, data }: ServerEvent, title: RegExp, text: string | undefined): boolean {
  const entry = data as { title?: string; detail?: string };
  return (
    event === 'entry' && title.test(entry.title ?? '') && (text === undefined || (entry.detail ?? '').includes(text))
  );
}
