import type { Metadata } from 'next';
import { FindingsTable } from '@/components/ports/findings-table';
import { OwnerList, PoolSection, segmentsOfCells } from '@/components/ports/pool-section';
import { ReservationsTable } from '@/components/ports/reservations-table';
import { Waterline } from '@/components/shell/waterline';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/error-state';
import { ButtonLink } from '@/components/ui/button';
import { Page, PageHead } from '@/components/ui/page';
import { Section } from '@/components/ui/section';
import { requireActor } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { listReservations } from '@/lib/ports/queries';
import { getPortOverview } from '@/lib/workflows/port-overview';
import { githubFileUrl } from '../github-links';
import { knownRepository, mainFact } from '../known-repository';

export const metadata: Metadata = { title: 'Ports' };

export default async function PortsPage() {
  await requireActor('ports.read');
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
  const [overview, reservations] = await Promise.all([getPortOverview(), listReservations()]);
  const { apiUrl, fullName } = env().github;
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
        />
        {overview.pools.length > 0 ? (
          <nav aria-label="Pools" className="mt-4 flex flex-wrap gap-x-4 gap-y-1 border-b border-line pb-3">
            {overview.pools.map((pool) => (
              <a key={pool.name} href={`#pool-${pool.name}`} className="text-ink-2 hover:text-ink hover:underline">
                {pool.name} <span className="text-12 text-ink-3">{pool.counts.free} free</span>
              </a>
            ))}
            {overview.findings.length > 0 ? (
              <a href="#findings" className="text-ink-2 hover:text-ink hover:underline">
                findings <span className="text-12 text-warn-ink">{overview.findings.length}</span>
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
          note="made by requests, kept in the database"
          more={reservations.length}
        >
          {reservations.length === 0 ? (
            <p className="py-2 text-ink-3">None yet. The first request that publishes a port makes one.</p>
          ) : (
            <ReservationsTable reservations={reservations} />
          )}
        </Section>
        <Section
          id="findings"
          title="Findings in main"
          note={
            overview.findings.length > 0 ? 'Slipway leaves them as they are; mend them in the repository' : undefined
          }
          more={overview.findings.length}
        >
          {overview.findings.length === 0 ? (
            <p className="py-2 text-ink-3">None. Registry, Compose and Traefik say the same.</p>
          ) : (
            <FindingsTable findings={overview.findings} fileUrl={fileUrl} />
          )}
        </Section>
      </Page>
      <Waterline
        source="/api/v1/events?topics=ports,repository"
        main={mainFact(main)}
        facts={[
          { id: 'taken', content: `${sum('taken')} ports taken` },
          { id: 'promised', content: `${promised} promised` },
          { id: 'findings', content: `${overview.findings.length} findings`, note: 'in main' },
        ]}
      />
    </>
  );
}
