import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { RequestTable } from '@/components/requests/request-table';
import { parseRequestView, requestsHref, statesOf, type RequestFilter } from '@/components/requests/request-view';
import { ReviewTable } from '@/components/requests/review-table';
import { RowKeys } from '@/components/shell/row-keys';
import { liveSource } from '@/components/shell/live-source';
import { Waterline } from '@/components/shell/waterline';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { TabLinks, type TabLink } from '@/components/ui/tab-links';
import { can } from '@/lib/auth/permissions';
import { requireActor } from '@/lib/auth/session';
import { countOpen, listRequests, listReviewQueue } from '@/lib/requests/queries';
import { knownRepository, mainFact } from '../known-repository';

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  return { title: parseRequestView(await searchParams).view === 'review' ? 'Review' : 'Requests' };
}

const tabLabels: Record<RequestFilter, string> = {
  all: 'All',
  mine: 'Mine',
  waiting: 'Under way',
  failed: 'Failed',
  done: 'Done',
};

const nothing: Record<RequestFilter, string> = {
  all: 'Nobody has requested a service yet',
  mine: 'You have requested nothing yet',
  waiting: 'Nothing is under way',
  failed: 'Nothing has failed',
  done: 'Nothing is done yet',
};

export default async function RequestsPage({ searchParams }: Props) {
  const source = liveSource('requests');
  const actor = await requireActor('requests.read');
  const { view, filter, cursor } = parseRequestView(await searchParams);
  const mayReview = can(actor, 'requests.review');
  if (view === 'review' && !mayReview) redirect('/forbidden');
  const states = statesOf(filter);
  const [queue, page, open, main] = await Promise.all([
    mayReview ? listReviewQueue() : undefined,
    view === 'list'
      ? listRequests({
          ...(filter === 'mine' ? { mine: actor.id } : {}),
          ...(states ? { states } : {}),
          ...(cursor === undefined ? {} : { cursor }),
        })
      : undefined,
    countOpen(),
    knownRepository(),
  ]);
  const tabs: TabLink[] = [
    ...(Object.keys(tabLabels) as RequestFilter[]).map((key) => ({
      href: requestsHref(key),
      label: tabLabels[key],
      current: view === 'list' && filter === key,
    })),
    ...(queue
      ? [{ href: '/requests?view=review', label: 'Review', count: queue.length, current: view === 'review' }]
      : []),
  ];
  return (
    <>
      <div className="flex-1 bg-surface">
        <h1 className="sr-only">{view === 'review' ? 'Requests that wait for review' : 'Requests'}</h1>
        <div className="border-b border-line-strong px-4 pt-1.5">
          <TabLinks label="Which requests" tabs={tabs} flush />
        </div>
        {view === 'review' && queue ? (
          queue.length > 0 ? (
            <ReviewTable items={queue} />
          ) : (
            <EmptyState
              title="Nothing waits for review"
              actions={<ButtonLink href="/requests">All requests</ButtonLink>}
            >
              Requests appear here, oldest first, as soon as their pull request is open.
            </EmptyState>
          )
        ) : null}
        {page && page.requests.length > 0 ? <RequestTable requests={page.requests} /> : null}
        {page && page.requests.length === 0 ? (
          <EmptyState
            title={cursor === undefined ? nothing[filter] : 'No older ones'}
            actions={
              <>
                {filter !== 'all' || cursor !== undefined ? (
                  <ButtonLink href="/requests">All requests</ButtonLink>
                ) : null}
                {can(actor, 'drafts.write') ? (
                  <ButtonLink href="/services/new" shortcut="C">
                    New service
                  </ButtonLink>
                ) : null}
              </>
            }
          >
            A request is one change to the platform repository, from the submitted form to the merged pull request.
          </EmptyState>
        ) : null}
        {page && (page.nextCursor !== undefined || cursor !== undefined) ? (
          <nav aria-label="Pages" className="flex gap-2 px-4 py-4">
            {cursor !== undefined ? <ButtonLink href={requestsHref(filter)}>Newest</ButtonLink> : null}
            {page.nextCursor !== undefined ? (
              <ButtonLink href={requestsHref(filter, page.nextCursor)}>Older</ButtonLink>
            ) : null}
          </nav>
        ) : null}
      </div>
      <RowKeys />
      <Waterline
        source={source}
        main={mainFact(main)}
        facts={[{ id: 'open', content: `${open} open`, note: open === 1 ? 'request' : 'requests' }]}
        keys={[
          { keys: ['j', 'k'], label: 'move' },
          { keys: ['Enter'], label: 'open' },
        ]}
      />
    </>
  );
}
