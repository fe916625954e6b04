/** In place of a removal where main has nothing of the service any more: somebody took it out by hand. */
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Page, PageHead } from '@/components/ui/page';
import type { RemovalPreview } from '@/lib/workflows/preview-removal';

export function RemovalUnneeded({ service, preview }: { service: string; preview: RemovalPreview }) {
  const href = `/services/${encodeURIComponent(service)}`;
  const { ports, hosts } = preview.freed;
  const held = [...ports, ...hosts];
  return (
    <Page>
      <PageHead
        crumbs={[
          { label: 'Catalog', href: '/services' },
          { label: service, href },
        ]}
        title={`Remove ${service}`}
      />
      <EmptyState
        title={`${preview.base.branch} has nothing of ${service} any more`}
        actions={
          <>
            <ButtonLink href="/ports">Ports</ButtonLink>
            <ButtonLink href="/services">Catalog</ButtonLink>
          </>
        }
      >
        Somebody took it out by hand, so there is nothing left for a pull request.{' '}
        {held.length > 0
          ? `Slipway still holds ${held.join(', ')} for it, since nobody said that it is gone for good. An operator can give back the ports on the ports page; put its block back into main and remove it here, and everything is free.`
          : 'Slipway holds nothing for it either.'}
      </EmptyState>
    </Page>
  );
}
