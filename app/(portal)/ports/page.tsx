import type { Metadata } from 'next';
import { FindingsTable } from '@/components/ports/findings-table';
import type { PortActions } from '@/components/ports/finding-actions';
import { OwnerList, PoolSection, segmentsOfCells } from '@/components/ports/pool-section';
import { ReadMainButton } from '@/components/ports/read-main-button';
import { ReserveDialog } from '@/components/ports/reserve-dialog';
import { ReservationsTable } from '@/components/ports/reservations-table';
import { liveSource } from '@/components/shell/live-source';
import { Waterline } from '@/components/shell/waterline';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/error-state';
import { ButtonLink } from '@/components/ui/button';
import { Page, PageHead } from '@/components/ui/page';
import { Section } from '@/components/ui/section';
import { TabLinks } from '@/components/ui/tab-links';
import { can } from '@/lib/auth/permissions';
import { requireActor } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { countFindings, listFindings } from '@/lib/ports/findings';
import { listReservations } from '@/lib/ports/queries';
import { findingStates, type FindingState } from '@/lib/ports/views';
import { getPortOverview } from '@/lib/workflows/port-overview';
import { githubFileUrl } from '../github-links';
import { knownRepository, mainFact } from '../known-repository';
import { acceptAction, readMainAction, releaseAction, reopenAction, reserveAction } from './actions';

export const metadata: Metadata = { title: 'Ports' };

const stateWords: Record<FindingState, { label: string; none: string }> = {
  new: { label: 'To mend', none: 'Nothing. Registry, Compose, Traefik and the reservations say the same.' },
  accepted: { label: 'Accepted', none: 'Nothing is accepted as it is.' },
  mended: { label: 'Mended', none: 'Nothing was mended yet.' },
};

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function PortsPage({ searchParams }: Props) {
  const source = liveSource('ports', 'repository');
  const actor = await requireActor('ports.read');
  const { findings: asked } = await searchParams;
  const state = findingStates.find((one) => one === asked) ?? 'new';
  const main = await knownRepository();
  if (main.kind === 'unknown') {
    return (
      <ErrorState
        title="The platform repository cannot be read"
        actions={<ButtonLink href="/ports">Try again</ButtonLink>}
      >
        <p>{main.reason}</p>
        <p>Pools and what is published stand there; without it this page would guess.</p>
      </ErrorState>
    );
  }
  const { apiUrl, fullName, baseBranch } = env().github;
  const where = { repository: fullName, branch: baseBranch };
  const [overview, reservations, findings, counts] = await Promise.all([
    getPortOverview(),
    listReservations(),
    listFindings({ ...where, state }),
    countFindings(where),
  ]);
  const actions: PortActions | undefined = can(actor, 'ports.manage')
    ? { reserve: reserveAction, release: releaseAction, accept: acceptAction, reopen: reopenAction }
    : undefined;
  const pools = overview.pools.map(({ name, counts: { free } }) => ({ name, free }));
  const fileUrl = (path: string, line?: number) => githubFileUrl(apiUrl, fullName, overview.repository.sha, path, line);
  const elsewhere = segmentsOfCells(overview.elsewhere);
  const sum = (state: 'taken' | 'reserved' | 'held' | 'free') =>
    overview.pools.reduce((total, pool) => total + pool.counts[state], 0);
  const promised = sum('reserved') + sum('held');
  return (
    <>
      <Page>
        <PageHead
          title="Ports"
          lede={
            <>
              What <span className="mono">{overview.scope}</span> publishes, pool by pool: from main and from the
              requests that are under way. A port is held from the moment a request is submitted.
            </>
          }
          actions={actions ? <ReserveDialog label="Reserve ports" pools={pools} reserve={actions.reserve} /> : null}
        />
        {overview.pools.length > 0 ? (
          <nav aria-label="Pools" className="mt-4 flex flex-wrap gap-x-4 gap-y-1 border-b border-line pb-3">
            {overview.pools.map((pool) => (
              <a key={pool.name} href={`#pool-${pool.name}`} className="text-ink-2 hover:text-ink hover:underline">
                {pool.name} <span className="text-12 text-ink-3">{pool.counts.free} free</span>
              </a>
            ))}
            {counts.new > 0 ? (
              <a href="#findings" className="text-ink-2 hover:text-ink hover:underline">
                findings <span className="text-12 text-warn-ink">{counts.new}</span>
              </a>
            ) : null}
          </nav>
        ) : (
          <EmptyState title="No pools">
            Neither the profile nor the port registry names a range. Add <code className="mono">ranges</code> to the
            registry, or <code className="mono">ports.pools</code> to slipway.yaml.
          </EmptyState>
        )}
        <div>
          {overview.pools.map((pool) => (
            <PoolSection key={pool.name} pool={pool} />
          ))}
        </div>
        {elsewhere.length > 0 ? (
          <Section title="Outside of every pool" note={`${overview.elsewhere.length} ports`}>
            <OwnerList segments={elsewhere} />
          </Section>
        ) : null}
        <Section
          id="reservations"
          title="Reservations"
          note="made by requests and by operators, kept in the database"
          more={reservations.length}
        >
          {reservations.length === 0 ? (
            <p className="py-2 text-ink-3">
              None yet. The first request that publishes a port makes one, and operators can by hand.
            </p>
          ) : (
            <ReservationsTable reservations={reservations} release={actions?.release} />
          )}
        </Section>
        <Section
          id="findings"
          title="Findings"
          note="Where main contradicts itself, or the reservations"
          more={actions ? <ReadMainButton readMain={readMainAction} /> : null}
        >
          <TabLinks
            label="Which findings"
            tabs={findingStates.map((one) => ({
              href: one === 'new' ? '/ports#findings' : `/ports?findings=${one}#findings`,
              label: stateWords[one].label,
              count: counts[one],
              current: one === state,
            }))}
          />
          {findings.length === 0 ? (
            <p className="py-2 text-ink-3">{stateWords[state].none}</p>
          ) : (
            <FindingsTable
              findings={findings}
              fileUrl={fileUrl}
              pools={pools}
              maySubmit={can(actor, 'requests.submit')}
              actions={actions}
            />
          )}
        </Section>
      </Page>
      <Waterline
        source={source}
        main={mainFact(main)}
        facts={[
          { id: 'taken', content: `${sum('taken')} ports taken` },
          { id: 'promised', content: `${promised} promised` },
          { id: 'findings', content: `${counts.new} findings`, note: 'to mend' },
        ]}
      />
    </>
  );
}
