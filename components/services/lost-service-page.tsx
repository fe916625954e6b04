/** In place of a service's page where main has lost it: what it was, who added it, what is kept for it, and the way to give that back. */
import Link from 'next/link';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Page, PageHead } from '@/components/ui/page';
import { RelativeTime } from '@/components/ui/relative-time';
import type { LostService } from '@/lib/workflows/lost-service';

export function LostServicePage({ service, maySubmit }: { service: LostService; maySubmit: boolean }) {
  const { name, purpose, branch, underWay, isTold } = service;
  return (
    <Page>
      <PageHead crumbs={[{ label: 'Catalog', href: '/services' }]} title={name} lede={purpose} />
      <EmptyState
        title={isTold ? `${branch} does not have ${name} any more` : `${branch} shows nothing of ${name} now`}
        actions={
          <>
            {underWay ? (
              <ButtonLink href={`/requests/${underWay.id}`} variant="primary">
                {`See “${underWay.title}”`}
              </ButtonLink>
            ) : null}
            {isTold && maySubmit ? (
              <ButtonLink href={`/services/${encodeURIComponent(name)}/remove`}>
                Give back what is kept for it
              </ButtonLink>
            ) : null}
            <ButtonLink href="/ports#findings">Findings</ButtonLink>
          </>
        }
      >
        <History service={service} /> <Kept service={service} /> <Advice service={service} />
      </EmptyState>
    </Page>
  );
}

function History({ service: { added, live, branch, isTold } }: { service: LostService }) {
  return (
    <>
      {added.by} added it with{' '}
      <Link href={`/requests/${added.id}`} className="link">
        request {added.id}
      </Link>
      {live.id === added.id ? null : (
        <>
          , and{' '}
          <Link href={`/requests/${live.id}`} className="link">
            request {live.id}
          </Link>{' '}
          changed it last
        </>
      )}
      {live.since === undefined ? null : (
        <>
          ; that went live <RelativeTime at={live.since} />
        </>
      )}
      .{isTold ? ` Somebody took it out of ${branch} by hand.` : ''}
    </>
  );
}

function Kept({ service: { name, kept } }: { service: LostService }) {
  const all = [
    `the name ${name}`,
    ...kept.hosts.map((host) => `the host ${host}`),
    ...kept.ports.map((port) => `port ${port}`),
  ];
  return <>Slipway keeps {all.join(', ')}.</>;
}

/** What to do: nothing is given back while main may have it, or a request is under way. */
function Advice({ service: { branch, underWay, isTold, isUnread } }: { service: LostService }) {
  if (underWay) return <>Request {underWay.id} is under way for it: follow that one first.</>;
  if (!isTold && isUnread)
    return <>A file of {branch} that may have it cannot be read: the findings say which. Mend that first.</>;
  if (!isTold) return <>The findings are brought up to {branch} each minute: look again then.</>;
  return (
    <>
      Whoever asked for it, or an operator, gives it back from its finding. If it was taken out by mistake, put its
      block back into {branch}.
    </>
  );
}
