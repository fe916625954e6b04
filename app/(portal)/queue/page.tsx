import type { Metadata } from 'next';
import Link from 'next/link';
import { DeliveriesTable } from '@/components/queue/deliveries-table';
import { JobsTable } from '@/components/queue/jobs-table';
import { LimitsSection, WorkersSection } from '@/components/queue/queue-side';
import { StepsTable } from '@/components/queue/steps-table';
import { ConfirmAction } from '@/components/requests/confirm-action';
import { RetryButton } from '@/components/requests/retry-button';
import { RowKeys } from '@/components/shell/row-keys';
import { liveSource } from '@/components/shell/live-source';
import { Waterline } from '@/components/shell/waterline';
import { Page, PageColumns, PageHead } from '@/components/ui/page';
import { RelativeTime } from '@/components/ui/relative-time';
import { Section } from '@/components/ui/section';
import { can } from '@/lib/auth/permissions';
import { requireActor } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { listDeliveries, listJobs, listWorkers, readLimits } from '@/lib/queue/queries';
import type { JobView } from '@/lib/queue/views';
import { listTroubledSteps } from '@/lib/requests/troubled-steps';
import type { TroubledStep } from '@/lib/requests/views';
import { retryAction } from '../requests/[id]/actions';
import { liftPausesAction, retryJobAction } from './actions';

export const metadata: Metadata = { title: 'Queue' };

/** What the workers have to do, what does not get on, and what the systems outside say. For operators. */
export default async function QueuePage() {
  const source = liveSource('queue', 'requests');
  const actor = await requireActor('queue.read');
  const [{ jobs, counts }, steps, { deliveries, waiting, last }, workers, limits] = await Promise.all([
    listJobs(),
    listTroubledSteps(),
    listDeliveries(),
    listWorkers(),
    readLimits(),
  ]);
  const mayRetry = can(actor, 'queue.retry');
  const retryJob = mayRetry ? (job: JobView) => <RetryButton retry={retryJobAction.bind(null, job.id)} /> : undefined;
  const retryStep = can(actor, 'requests.retry-any')
    ? (step: TroubledStep) => <RetryButton retry={retryAction.bind(null, step.requestId)} />
    : undefined;
  const lift = mayRetry
    ? (system: string) => (
        <ConfirmAction
          small
          label="Ask again now"
          doing="Asking"
          title={`Ask ${system} again before it said so?`}
          consequences={[
            'Jobs that wait for the end of the pause start now.',
            `If ${system} still limits us, it says so again, and the pause may become longer.`,
          ]}
          keep="Wait for the end"
          act={liftPausesAction.bind(null, system)}
        />
      )
    : undefined;
  const troubled = steps.filter(({ toTracker }) => !toTracker);
  const owed = steps.filter(({ toTracker }) => toTracker);
  const failed = counts.failed + troubled.filter(({ waitsForPerson }) => waitsForPerson).length;
  return (
    <>
      <Page>
        <PageHead
          title="Queue"
          lede="What the workers have to do, what does not get on and why, and how much the systems outside still take."
        />
        <PageColumns
          side={
            <>
              <WorkersSection workers={workers} />
              <LimitsSection {...limits} writesPerHour={finite(env().github.writeLimits?.perHour)} lift={lift} />
            </>
          }
        >
          <Section id="steps" title="Steps that do not get on" more={troubled.length}>
            {troubled.length === 0 ? (
              <p className="py-2 text-ink-3">
                None. A step that fails, or waits for GitHub, appears here with its reason.
              </p>
            ) : (
              <StepsTable steps={troubled} retry={retryStep} />
            )}
          </Section>
          <Section
            id="jobs"
            title="Jobs"
            note={`${counts.running} running, ${counts.waiting} waiting, ${counts.again} tried again, ${counts.failed} failed`}
            more={jobs.length}
          >
            {jobs.length === 0 ? (
              <p className="py-2 text-ink-3">The queue is empty. The clock puts three jobs into it each minute.</p>
            ) : (
              <JobsTable jobs={jobs} retry={retryJob} />
            )}
          </Section>
          <Section id="tracker" title="Owed to the tracker" more={owed.length}>
            {owed.length === 0 ? (
              <p className="py-2 text-ink-3">Nothing. What Notion does not take is kept here and tried again.</p>
            ) : (
              <StepsTable steps={owed} retry={retryStep} />
            )}
          </Section>
          <Section
            id="deliveries"
            title="Webhook deliveries"
            note={waiting > 0 ? `${waiting} not worked on yet` : 'the last fifty'}
            more={last === undefined ? undefined : <RelativeTime at={last} />}
          >
            {deliveries.length === 0 ? (
              <p className="py-2 text-ink-3">
                None yet. Nothing is lost without them: the poll finds what changed within two minutes.
              </p>
            ) : (
              <DeliveriesTable deliveries={deliveries} />
            )}
            <p className="pt-2 text-12 text-ink-3">
              GitHub never sends twice by itself. To send one again: the repository’s Settings, Webhooks, Recent
              Deliveries, Redeliver; it keeps them for three days. One that is here already counts once.
            </p>
          </Section>
        </PageColumns>
      </Page>
      <RowKeys />
      <Waterline
        source={source}
        facts={[
          { id: 'failed', content: `${failed} failed`, always: true },
          { id: 'waiting', content: `${counts.waiting + counts.again} waiting` },
          { id: 'owed', content: `${owed.length} owed`, note: <Link href="#tracker">to the tracker</Link> },
        ]}
        keys={[
          { keys: ['j', 'k'], label: 'move' },
          { keys: ['Enter'], label: 'open' },
        ]}
      />
    </>
  );
}

/** JSON and words know no infinity: then it is not limited. */
function finite(count: number | undefined): number | undefined {
  return count === undefined || !Number.isFinite(count) ? undefined : count;
}
