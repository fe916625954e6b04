/** A request's row as one line of a list. */
import type { Prisma } from '@/lib/generated/prisma/client';
import { formatPortRange } from '@/lib/services/port-range';
import { actionNamed, requestTitle } from './states';
import { publishedPorts, StoredChecks, StoredResolved } from './stored';
import type { CheckCounts, RequestSummary } from './views';

export const summarySelect = {
  id: true,
  serviceName: true,
  action: true,
  supersededById: true,
  givenBackAt: true,
  state: true,
  resolved: true,
  checks: true,
  pullNumber: true,
  pullUrl: true,
  failure: true,
  cancelAskedAt: true,
  createdAt: true,
  updatedAt: true,
  mergedAt: true,
  liveAt: true,
  requester: { select: { id: true, name: true } },
  steps: { select: { name: true, status: true, finishedAt: true } },
} as const satisfies Prisma.ChangeRequestSelect;

export type SummaryRow = Prisma.ChangeRequestGetPayload<{ select: typeof summarySelect }>;

/** The row for the list. */
export function summaryOf(row: SummaryRow): RequestSummary {
  const opened = row.steps.find((step) => step.name === 'pull-request' && step.status === 'done');
  return {
    id: row.id,
    title: requestTitle(actionNamed(row.action), row.serviceName),
    action: actionNamed(row.action),
    supersededBy: row.supersededById ?? undefined,
    givenBack: row.givenBackAt !== null,
    serviceName: row.serviceName,
    state: row.state,
    requester: row.requester,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    reviewSince: opened?.finishedAt?.toISOString(),
    mergedAt: row.mergedAt?.toISOString(),
    liveAt: row.liveAt?.toISOString(),
    pull: row.pullNumber !== null && row.pullUrl !== null ? { number: row.pullNumber, url: row.pullUrl } : undefined,
    checks: countChecks(StoredChecks.parse(row.checks)),
    failure: row.failure ?? undefined,
    owedCount: row.steps.filter((step) => step.status === 'owed').length,
    cancelling:
      row.cancelAskedAt !== null && row.state !== 'cancelled' && row.state !== 'merged' && row.state !== 'live',
    ports: publishedPorts(StoredResolved.parse(row.resolved)).map(formatPort),
  };
}

/** `7893`, `7894-7899/udp`: TCP goes without saying. */
export function formatPort(port: { protocol: 'tcp' | 'udp'; range: { from: number; to: number } }): string {
  return `${formatPortRange(port.range)}${port.protocol === 'udp' ? '/udp' : ''}`;
}

function countChecks(checks: StoredChecks): CheckCounts {
  const count = (status: StoredChecks[number]['status']) => checks.filter((check) => check.status === status).length;
  return { pass: count('pass'), warn: count('warn'), fail: count('fail'), notRun: count('not-run') };
}
