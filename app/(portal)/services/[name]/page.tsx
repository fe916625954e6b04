import { ArrowUpRight } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { StatePill } from '@/components/requests/state-pill';
import { LostServicePage } from '@/components/services/lost-service-page';
import { ServiceAnswers } from '@/components/services/service-answers';
import { ServiceActions } from '@/components/services/service-actions';
import { ServicePorts } from '@/components/services/service-ports';
import { serviceLinks, startCommands } from '@/components/services/service-links';
import { PageKeys, type PageKey } from '@/components/shell/page-keys';
import { liveSource } from '@/components/shell/live-source';
import { Waterline } from '@/components/shell/waterline';
import { ButtonLink } from '@/components/ui/button';
import { MonoCommand } from '@/components/ui/mono-command';
import { Page, PageColumns, PageHead } from '@/components/ui/page';
import { Pill } from '@/components/ui/pill';
import { RelativeTime } from '@/components/ui/relative-time';
import { Section } from '@/components/ui/section';
import { can } from '@/lib/auth/permissions';
import { requireActor } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { listReservations } from '@/lib/ports/queries';
import type { PoolStrip } from '@/lib/ports/views';
import { stateLabel } from '@/lib/requests/states';
import { getService } from '@/lib/services/queries';
import type { ServicePort } from '@/lib/services/views';
import { wizardHref } from '@/components/wizard/wizard-href';
import { findLostService } from '@/lib/workflows/lost-service';
import { getPortOverview } from '@/lib/workflows/port-overview';
import { decodeSegment } from '../../decode-segment';
import { githubCommitUrl, githubFileUrl } from '../../github-links';
import { knownRepository, mainFact } from '../../known-repository';
import { orNotFound } from '../../or-not-found';

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeSegment((await params).name) };
}

/** What is under way for a service, above its page. */
const underWayLabels = { add: 'Addition', change: 'Change', remove: 'Removal' } as const;

/** The pools in which the service has a port. */
function poolsOf(ports: readonly ServicePort[], pools: readonly PoolStrip[]): PoolStrip[] {
  return pools.filter((pool) => ports.some((port) => port.to >= pool.from && port.from <= pool.to));
}

export default async function ServicePage({ params }: Props) {
  const source = liveSource('services', 'requests', 'repository');
  const actor = await requireActor('services.read');
  const name = decodeSegment((await params).name);
  const [lost, main] = await Promise.all([findLostService(name), knownRepository()]);
  if (lost)
    return (
      <>
        <LostServicePage service={lost} maySubmit={can(actor, 'requests.submit')} />
        <Waterline
          source={source}
          main={mainFact(main)}
          facts={[{ id: 'state', content: `${name} is gone from ${lost.branch}` }]}
        />
      </>
    );
  const [service, reservations] = await Promise.all([
    orNotFound(getService(name)),
    listReservations({ service: name }),
  ]);
  const profile = main.kind === 'known' ? main.repository.profile : undefined;
  const { apiUrl, fullName } = env().github;
  const { seenSha } = service;
  const fileUrl = (path: string, line?: number) =>
    seenSha === undefined ? undefined : githubFileUrl(apiUrl, fullName, seenSha, path, line);
  const outside = serviceLinks(service, profile);
  const commands = startCommands(service, profile);
  const pending = service.state === 'pending';
  const changeable = service.liveRequest !== undefined && !service.underWay && can(actor, 'requests.submit');
  const pools =
    main.kind === 'known' && service.ports.length > 0 ? poolsOf(service.ports, (await getPortOverview()).pools) : [];
  const keys: PageKey[] = [
    ...(service.links.pull ? [{ keys: 'p', label: 'Pull request', href: service.links.pull }] : []),
    ...(changeable ? [{ keys: 'e', label: 'Change', href: wizardHref('basics', { changes: service.name }) }] : []),
    ...(service.request ? [{ keys: 'r', label: 'Request', href: `/requests/${service.request.id}` }] : []),
    { keys: 'y', label: 'Copy link', does: 'copy' },
  ];
  return (
    <>
      <Page>
        <PageHead
          crumbs={[
            { label: 'Catalog', href: '/services' },
            ...(service.category
              ? [{ label: service.category, href: `/services?category=${encodeURIComponent(service.category)}` }]
              : []),
          ]}
          title={service.name}
          marks={
            <>
              {pending && service.request ? (
                <Link href={`/requests/${service.request.id}`}>
                  <Pill tone="promised" large>
                    Pending, request {service.request.id}
                  </Pill>
                </Link>
              ) : null}
              {service.underWay && !pending ? (
                <Link href={`/requests/${service.underWay.id}`}>
                  <Pill tone="promised" large>
                    {underWayLabels[service.underWay.action]}, request {service.underWay.id}
                  </Pill>
                </Link>
              ) : null}
              {service.lifecycle ? (
                <Pill large className="capitalize">
                  {service.lifecycle}
                </Pill>
              ) : null}
            </>
          }
          lede={service.purpose}
          actions={
            <>
              {outside.map((link) => (
                <ButtonLink key={link.url} href={link.url} external variant="ghost">
                  {link.title}
                  <ArrowUpRight aria-hidden="true" className="size-3 text-ink-3" />
                </ButtonLink>
              ))}
              {changeable ? <ServiceActions name={service.name} /> : null}
            </>
          }
        />
        <ServiceAnswers service={service} profile={profile} fileUrl={fileUrl} />
        <PageColumns
          side={
            <>
              {commands.length > 0 ? (
                <Section title={pending ? 'Start, once it is merged' : 'Start'}>
                  {commands.map((command) => (
                    <MonoCommand key={command} command={command} />
                  ))}
                </Section>
              ) : null}
              <Section title="Requests" more={service.requests.length > 0 ? service.requests.length : undefined}>
                {service.liveRequest === undefined && !service.underWay ? (
                  <p className="py-2 text-ink-3">
                    Slipway did not add {service.name}: it was in the repository before, and is changed and removed
                    there by hand.
                  </p>
                ) : null}
                {service.requests.length === 0 ? null : (
                  <ul>
                    {service.requests.map((request) => (
                      <li key={request.id} className="flex min-h-[31px] items-center gap-2 border-b border-line">
                        <Link href={`/requests/${request.id}`} className="link min-w-0 truncate">
                          {request.id} {request.title}
                        </Link>
                        <StatePill state={request.state} label={stateLabel(request)} />
                        <RelativeTime at={request.createdAt} className="ml-auto text-12 text-ink-3" />
                      </li>
                    ))}
                  </ul>
                )}
              </Section>
            </>
          }
        >
          <ServicePorts service={service} pools={pools} host={profile?.platform.host} reservations={reservations} />
          <Section
            title="Places in main"
            note={
              seenSha === undefined ? undefined : (
                <>
                  last found in{' '}
                  <a
                    className="mono link"
                    href={githubCommitUrl(apiUrl, fullName, seenSha)}
                    target="_blank"
                    rel="noreferrer"
                  >
                    {seenSha.slice(0, 7)}
                  </a>
                </>
              )
            }
          >
            {service.places.length === 0 ? (
              <p className="py-2 text-ink-3">
                {pending
                  ? 'Nothing yet. Its files come with the pull request; it counts as live once they are found in main.'
                  : 'No place is known.'}
              </p>
            ) : (
              <ul>
                {service.places.map((place) => (
                  <li
                    key={`${place.path}:${place.line}`}
                    className="flex min-h-[31px] items-center border-b border-line"
                  >
                    <a
                      className="mono link min-w-0 wrap-anywhere"
                      href={fileUrl(place.path, place.line)}
                      target="_blank"
                      rel="noreferrer"
                    >
                      {place.path}
                      {place.line === undefined ? '' : `:${place.line}`}
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </Section>
        </PageColumns>
      </Page>
      <PageKeys keys={keys} />
      <Waterline
        source={source}
        main={mainFact(main)}
        facts={[{ id: 'state', content: pending ? 'pending' : 'in main' }]}
        keys={keys.map(({ keys: combination, label }) => ({ keys: [combination], label: label.toLowerCase() }))}
      />
    </>
  );
}
