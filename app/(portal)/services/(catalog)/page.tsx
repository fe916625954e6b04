import type { Metadata } from 'next';
import { Catalog } from '@/components/services/catalog';
import { packServices } from '@/components/services/catalog-pack';
import { liveSource } from '@/components/shell/live-source';
import { Waterline, type WaterFact } from '@/components/shell/waterline';
import { can } from '@/lib/auth/permissions';
import { requireActor } from '@/lib/auth/session';
import { countHeld } from '@/lib/ports/queries';
import { listServices } from '@/lib/services/queries';
import { knownRepository, mainFact } from '../../known-repository';

export const metadata: Metadata = { title: 'Catalog' };

export default async function CatalogPage() {
  const source = liveSource('services', 'requests', 'repository');
  const actor = await requireActor('services.read');
  const [catalog, held, main] = await Promise.all([listServices(), countHeld(), knownRepository()]);
  const facts: WaterFact[] = [
    { id: 'services', content: `${catalog.total} services` },
    { id: 'held', content: `${held} ${held === 1 ? 'reservation' : 'reservations'}`, note: 'not live yet' },
    ...(main.kind === 'unknown'
      ? [{ id: 'main', content: <span className="text-warn-ink">main cannot be read</span>, always: true }]
      : []),
  ];
  return (
    <>
      <Catalog packed={packServices(catalog.services)} mayCreate={can(actor, 'drafts.write')} />
      <Waterline
        source={source}
        main={mainFact(main)}
        facts={facts}
        keys={[
          { keys: ['j', 'k'], label: 'move' },
          { keys: ['Enter'], label: 'open' },
          { keys: ['f'], label: 'filters' },
          { keys: ['/'], label: 'search' },
        ]}
      />
    </>
  );
}
