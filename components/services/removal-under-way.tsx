/** In place of a removal that a request under way stands in the way of, of a service that the catalog has lost: which one, and what it waits for. */
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Page, PageHead } from '@/components/ui/page';
import type { RemovalPreview } from '@/lib/workflows/preview-removal';

export function RemovalUnderWay({
  service,
  preview: { base, nothingLeft },
  underWay: { message, owner },
}: {
  service: string;
  preview: Pick<RemovalPreview, 'base' | 'nothingLeft'>;
  underWay: NonNullable<RemovalPreview['underWay']>;
}) {
  return (
    <Page>
      <PageHead crumbs={[{ label: 'Catalog', href: '/services' }, { label: service }]} title={`Remove ${service}`} />
      <EmptyState
        title={`A request is under way for ${service}`}
        actions={
          <ButtonLink href={owner.href} variant="primary">
            See {owner.label}
          </ButtonLink>
        }
      >
        {message}
        {nothingLeft
          ? ` ${base.branch} has nothing of ${service} any more: what is still kept for it then is given back here.`
          : ''}
      </EmptyState>
    </Page>
  );
}
