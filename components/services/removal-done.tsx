/** In place of a removal where everything of the service was given back already. */
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Page, PageHead } from '@/components/ui/page';
import { RelativeTime } from '@/components/ui/relative-time';

export function RemovalDone({ service, given }: { service: string; given: { id: number; by: string; at: string } }) {
  return (
    <Page>
      <PageHead crumbs={[{ label: 'Catalog', href: '/services' }, { label: service }]} title={`Remove ${service}`} />
      <EmptyState
        title={`Nothing is kept for ${service}`}
        actions={
          <>
            <ButtonLink href={`/requests/${given.id}`}>Request {given.id}</ButtonLink>
            <ButtonLink href="/ports">Ports</ButtonLink>
          </>
        }
      >
        {given.by} gave its name, hosts and ports back <RelativeTime at={given.at} />: others may have them.
      </EmptyState>
    </Page>
  );
}
