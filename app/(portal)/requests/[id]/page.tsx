import { ArrowUpRight, GitPullRequest } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { CancelButton } from '@/components/requests/cancel-button';
import { EndMergedButton } from '@/components/requests/end-merged-button';
import { FollowUpSection, type TickStep } from '@/components/requests/follow-up-list';
import { GitHubChecks } from '@/components/requests/github-checks';
import { RequestChecks } from '@/components/requests/request-checks';
import { RequestSide } from '@/components/requests/request-side';
import { RequestTimeline } from '@/components/requests/request-timeline';
import { requestVersion } from '@/components/requests/request-version';
import { RetryButton } from '@/components/requests/retry-button';
import { StatePill } from '@/components/requests/state-pill';
import { submitAgain } from '@/components/requests/submit-again';
import { TakeOverButton } from '@/components/requests/take-over-button';
import { PageKeys, type PageKey } from '@/components/shell/page-keys';
import { Waterline } from '@/components/shell/waterline';
import { ButtonLink } from '@/components/ui/button';
import { Page, PageColumns, PageHead } from '@/components/ui/page';
import { RelativeTime } from '@/components/ui/relative-time';
import { Section } from '@/components/ui/section';
import { can, type Actor } from '@/lib/auth/permissions';
import { requireActor } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { getRequest } from '@/lib/requests/queries';
import { isCancellable, stateLabel } from '@/lib/requests/states';
import type { RequestDetails } from '@/lib/requests/views';
import { getPoolStrip } from '@/lib/workflows/port-overview';
import { githubCommitUrl } from '../../github-links';
import { knownRepository, mainFact } from '../../known-repository';
import { orNotFound } from '../../or-not-found';
import { cancelAction, endMergedAction, retryAction, takeOverAction, tickAction } from './actions';

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Request ${(await params).id}` };
}

function mayDo(actor: Actor, request: RequestDetails, action: 'cancel' | 'retry' | 'tick' | 'take-over'): boolean {
  const own = request.requester.id === actor.id;
  return can(actor, `requests.${action}-any`) || (own && can(actor, `requests.${action}-own`));
}

export default async function RequestPage({ params }: Props) {
  const actor = await requireActor('requests.read');
  const id = Number((await params).id);
  if (!Number.isSafeInteger(id)) notFound();
  const [request, main] = await Promise.all([orNotFound(getRequest(id)), knownRepository()]);
  const poolName = request.allocations.ports.find(({ pool }) => pool !== undefined)?.pool;
  const pool =
    poolName !== undefined && main.kind === 'known' ? await getPoolStrip(poolName, main.repository) : undefined;
  const tick: TickStep = mayDo(actor, request, 'tick') ? (key) => tickAction.bind(null, request.id, key) : undefined;
  // Reviewers look at the checks first; after the merge it is the steps that people come for.
  const merged = request.state === 'merged' || request.state === 'live';
  const withdrawn = request.state === 'cancelled' || request.state === 'closed';
  const checks = (
    <>
      <GitHubChecks checks={request.githubChecks} />
      <RequestChecks checks={request.checkResults} />
    </>
  );
  const steps =
    request.followUps.length > 0 && !withdrawn ? <FollowUpSection steps={request.followUps} tick={tick} /> : null;
  const again = submitAgain(request, { id: actor.id, maySubmit: can(actor, 'requests.submit') });
  const { apiUrl } = env().github;
  const keys: PageKey[] = [
    ...(request.links.pull ? [{ keys: 'p', label: 'Pull request', href: request.links.pull }] : []),
    { keys: 'e', label: 'Expand checks', does: 'expand' },
    { keys: 'y', label: 'Copy link', does: 'copy' },
  ];
  const seen = new URLSearchParams({ after: request.timeline.at(-1)?.id ?? '0', version: requestVersion(request) });
  return (
    <>
      <Page>
        <PageHead
          crumbs={[{ label: 'Requests', href: '/requests' }, { label: String(request.id) }]}
          title={request.title}
          marks={<StatePill state={request.state} label={stateLabel(request)} large />}
          lede={
            <>
              Requested by {request.requester.name}, <RelativeTime at={request.createdAt} />.{' '}
              {request.supersededBy === undefined ? null : (
                <>
                  What it did is history:{' '}
                  <Link href={`/requests/${request.supersededBy}`} className="link">
                    request {request.supersededBy}
                  </Link>{' '}
                  took its place in {request.baseBranch}.{' '}
                </>
              )}
              {request.allocations.heldUntil ? (
                <>
                  Ports are held for now; the lease ends <RelativeTime at={request.allocations.heldUntil} form="due" />.
                </>
              ) : null}
            </>
          }
          actions={
            <>
              {request.branchTaken &&
              !request.branchTaken.takeOverAsked &&
              request.state === 'in_review' &&
              !request.cancelling &&
              mayDo(actor, request, 'take-over') ? (
                <TakeOverButton
                  by={request.branchTaken.by}
                  branch={request.branch}
                  takeOver={takeOverAction.bind(null, request.id)}
                />
              ) : null}
              {isCancellable(request.state) && !request.cancelling && mayDo(actor, request, 'cancel') ? (
                <CancelButton
                  serviceName={request.serviceName}
                  action={request.action}
                  opened={request.links.pull !== undefined}
                  cancel={cancelAction.bind(null, request.id)}
                />
              ) : null}
              {request.notShown && can(actor, 'requests.end-merged') ? (
                <EndMergedButton
                  serviceName={request.serviceName}
                  action={request.action}
                  branch={request.baseBranch}
                  end={endMergedAction.bind(null, request.id)}
                />
              ) : null}
              {again ? (
                <ButtonLink href={again.href} prefetch={false}>
                  {again.label}
                </ButtonLink>
              ) : null}
              {request.links.pull && request.pull ? (
                <ButtonLink href={request.links.pull} external>
                  <GitPullRequest aria-hidden="true" className="size-3.5 text-ink-3" />
                  Pull request {request.pull.number}
                  <ArrowUpRight aria-hidden="true" className="size-3 text-ink-3" />
                </ButtonLink>
              ) : null}
            </>
          }
        />
        <PageColumns side={<RequestSide request={request} pool={pool} />}>
          <Section title="Timeline" note={<span className="mono">{request.branch}</span>}>
            <RequestTimeline
              request={request}
              commitUrl={(sha) => githubCommitUrl(apiUrl, request.repository, sha)}
              retry={
                mayDo(actor, request, 'retry') ? <RetryButton retry={retryAction.bind(null, request.id)} /> : undefined
              }
            />
          </Section>
          {merged ? (
            <>
              {steps}
              {checks}
            </>
          ) : (
            <>
              {checks}
              {steps}
            </>
          )}
        </PageColumns>
      </Page>
      <PageKeys keys={keys} />
      <Waterline
        key={request.id}
        source={`/api/v1/requests/${request.id}/events?${seen.toString()}`}
        announce
        main={mainFact(main)}
        facts={[
          { id: 'state', content: `request ${request.id}`, note: stateLabel(request).toLowerCase() },
          ...(request.owedCount > 0
            ? [{ id: 'owed', content: `${request.owedCount} ${request.owedCount === 1 ? 'step' : 'steps'} owed` }]
            : []),
        ]}
        keys={keys.map(({ keys: combination, label }) => ({ keys: [combination], label: label.toLowerCase() }))}
      />
    </>
  );
}
