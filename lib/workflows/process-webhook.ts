/** Webhook deliveries: stored once each by GitHub's delivery id, then turned into jobs. What a delivery says is never believed, only followed up. */
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import type { Prisma } from '@/lib/generated/prisma/client';
import { DeliveryPayload, parseDelivery } from '@/lib/http/webhook';
import { enqueue } from '@/lib/queue/enqueue';
import { enqueueForRequest } from '@/lib/requests/jobs';

/**
 * Takes a delivery in.
 * @param body the bytes as received.
 * @returns whether it is new.
 * @throws UnauthenticatedError, InputError as parseDelivery does.
 */
export async function receiveWebhook(headers: Headers, body: Uint8Array): Promise<'accepted' | 'known'> {
  const { id, event, payload } = parseDelivery(headers, body, env().github.webhookSecret);
  return db().$transaction(async (tx) => {
    const { count } = await tx.webhookDelivery.createMany({ data: [{ id, event, payload }], skipDuplicates: true });
    if (count === 0) return 'known';
    await enqueue(tx, 'process-webhook', { deliveryId: id }, { key: `process-webhook:${id}` });
    return 'accepted';
  });
}

/** Works on a stored delivery: whom it concerns is looked at. */
export async function processWebhook(deliveryId: string): Promise<void> {
  await db().$transaction(async (tx) => {
    const delivery = await tx.webhookDelivery.findUnique({ where: { id: deliveryId } });
    if (!delivery || delivery.processedAt) return;
    const outcome = await followUp(tx, delivery.event, DeliveryPayload.parse(delivery.payload));
    await tx.webhookDelivery.update({ where: { id: deliveryId }, data: { processedAt: new Date(), outcome } });
  });
}

async function followUp(tx: Prisma.TransactionClient, event: string, payload: DeliveryPayload): Promise<string> {
  const { fullName, baseBranch } = env().github;
  const from = payload.repository?.full_name;
  if (from !== undefined && from.toLowerCase() !== fullName.toLowerCase()) return `of another repository: ${from}`;
  if (event === 'push') {
    if (payload.ref !== `refs/heads/${baseBranch}`) return followBranch(tx, payload.ref?.replace('refs/heads/', ''));
    await enqueue(tx, 'sync-repository', {}, { key: 'sync-repository' });
    return `${baseBranch} moved`;
  }
  if (event === 'delete' || event === 'create')
    return payload.ref_type === 'branch' ? followBranch(tx, payload.ref) : 'not about a branch';
  const checked = payload.sha ?? payload.check_run?.head_sha ?? payload.check_suite?.head_sha;
  if (checked !== undefined) return followCommit(tx, checked);
  const number = payload.pull_request?.number ?? (payload.issue?.pull_request ? payload.issue.number : undefined);
  if (number === undefined) return 'not about a pull request';
  const request = await tx.changeRequest.findFirst({
    where: {
      repository: fullName,
      OR: [{ pullNumber: number }, ...(payload.pull_request?.head ? [{ branch: payload.pull_request.head.ref }] : [])],
    },
    select: { id: true },
  });
  if (!request) return 'not a pull request of ours';
  await enqueueForRequest(tx, 'sync-pull-request', request.id);
  return `request ${request.id}`;
}

/** Somebody pushed to a request's branch. */
async function followBranch(tx: Prisma.TransactionClient, branch: string | undefined): Promise<string> {
  if (branch === undefined) return 'a push without a branch';
  const request = await tx.changeRequest.findFirst({
    where: { repository: env().github.fullName, branch, pullNumber: { not: null } },
    select: { id: true },
  });
  if (!request) return 'another branch';
  await enqueueForRequest(tx, 'sync-pull-request', request.id);
  return `request ${request.id}`;
}

/** A check says something of a commit. */
async function followCommit(tx: Prisma.TransactionClient, sha: string): Promise<string> {
  const request = await tx.changeRequest.findFirst({
    where: {
      repository: env().github.fullName,
      state: 'in_review',
      pullNumber: { not: null },
      // Slipway's own last commit, or a person's on top of it, whose checks were read before.
      OR: [{ headSha: sha }, { githubChecks: { path: ['head'], equals: sha } }],
    },
    select: { id: true },
  });
  if (!request) return 'a commit of no open request';
  await enqueueForRequest(tx, 'sync-pull-request', request.id);
  return `request ${request.id}`;
}
