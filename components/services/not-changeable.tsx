/** In place of the pages that change and remove a service, where that cannot begin now: why, and where to go instead. */
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Page, PageHead } from '@/components/ui/page';
import type { ServiceDetails } from '@/lib/services/views';

export function NotChangeable({ service, what }: { service: ServiceDetails; what: 'change' | 'remove' }) {
  const { name, underWay } = service;
  const href = `/services/${encodeURIComponent(name)}`;
  return (
    <Page>
      <PageHead
        crumbs={[
          { label: 'Catalog', href: '/services' },
          { label: name, href },
        ]}
        title={what === 'change' ? `Change ${name}` : `Remove ${name}`}
      />
      <EmptyState
        title={underWay ? `Request ${underWay.id} is under way for ${name}` : `Slipway did not add ${name}`}
        actions={
          <>
            {underWay ? (
              <ButtonLink href={`/requests/${underWay.id}`} variant="primary">
                {`See “${underWay.title}”`}
              </ButtonLink>
            ) : null}
            <ButtonLink href={href}>Back to {name}</ButtonLink>
          </>
        }
      >
        {underWay
          ? `One request of a service is under way at a time. Follow that one, or ${what} ${name} when it is live or cancelled.`
          : `It was in the repository before, so Slipway does not know which lines are its own. ${
              what === 'change' ? 'Change' : 'Remove'
            } it in the repository by hand.`}
      </EmptyState>
    </Page>
  );
}
