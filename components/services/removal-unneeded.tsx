/** In place of a removal where main has nothing of the service any more: somebody took it out by hand. What is kept for it is given back here. */
import { ConfirmAction } from '@/components/requests/confirm-action';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Page, PageHead } from '@/components/ui/page';
import type { ActionResult } from '@/lib/http/action';
import type { RemovalPreview } from '@/lib/workflows/preview-removal';

export function RemovalUnneeded({
  service,
  preview,
  giveBack,
}: {
  service: string;
  preview: RemovalPreview;
  /** For operators, and for whoever asked for the service. */
  giveBack: ((reason: string) => Promise<ActionResult<null>>) | undefined;
}) {
  const { ports, hosts } = preview.freed;
  const kept = [
    `the name ${service}`,
    ...hosts.map((host) => `the host ${host}`),
    ...ports.map((port) => `port ${port}`),
  ].join(', ');
  return (
    <Page>
      <PageHead crumbs={[{ label: 'Catalog', href: '/services' }, { label: service }]} title={`Remove ${service}`} />
      <EmptyState
        title={`${preview.base.branch} has nothing of ${service} any more`}
        actions={
          <>
            {giveBack ? (
              <ConfirmAction
                label="Give back"
                doing="Giving back"
                title={`Give back what is kept for ${service}?`}
                consequences={[
                  `Others may have it at once: ${kept}.`,
                  'Where it still runs, stop it first: its ports may be somebody else’s soon.',
                  `Request ${preview.live.id} says who did it, and why.`,
                ]}
                keep="Keep it"
                reason={{ label: 'Reason' }}
                danger
                act={giveBack}
              />
            ) : null}
            <ButtonLink href={`/requests/${preview.live.id}`}>Request {preview.live.id}</ButtonLink>
          </>
        }
      >
        Somebody took it out by hand, so there is nothing left for a pull request. Slipway keeps {kept} until somebody
        says that it is gone for good. {giveBack ? '' : `Whoever asked for it, or an operator, gives it back here. `}
        If it was taken out by mistake, put its block back into {preview.base.branch}.
      </EmptyState>
    </Page>
  );
}
