/** Beside the timeline: what the request has allocated, and where else it stands. */
import { Anchor, BookOpen, GitPullRequest, ListTodo, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { PoolStrip } from '@/lib/ports/views';
import type { PortAllocation, RequestDetails } from '@/lib/requests/views';
import { poolSpans } from '@/components/ports/pool-spans';
import { CopyButton } from '@/components/ui/copy-button';
import { Facts, type Fact } from '@/components/ui/facts';
import { PortMini } from '@/components/ui/port-strip';
import { RelativeTime } from '@/components/ui/relative-time';
import { Section } from '@/components/ui/section';

function range({ from, to }: { from: number; to: number }): string {
  return from === to ? String(from) : `${from}–${to}`;
}

function portFact(port: PortAllocation, action: RequestDetails['action']): Fact {
  const suffix = port.protocol === 'udp' ? '/udp' : '';
  const inside = port.internal ? range(port.internal) : undefined;
  if (port.external === 'none') {
    return {
      label: port.name,
      value: (
        <>
          inside the network only, <span className="mono">{inside}</span>
        </>
      ),
    };
  }
  const outside = range(port.external);
  return {
    label: port.name,
    value: (
      <span className="mono">
        {outside}
        {inside && inside !== outside ? ` → ${inside}` : ''}
        {suffix}
        {port.state === 'released' ? <span className="font-sans text-12 text-ink-3"> given back</span> : null}
        {port.state === 'kept' && action === 'change' ? (
          <span className="font-sans text-12 text-ink-3"> its own already</span>
        ) : null}
      </span>
    ),
  };
}

function mono(value: string): ReactNode {
  return (
    <span className="flex items-center gap-1">
      <span className="mono min-w-0 wrap-anywhere">{value}</span>
      <CopyButton value={value} label={`Copy ${value}`} className="-my-1" />
    </span>
  );
}

function LinkedRow({
  Icon,
  title,
  where,
  href,
}: {
  Icon: LucideIcon;
  title: string;
  where: ReactNode;
  href: string | undefined;
}) {
  return (
    <li className="flex min-h-[31px] items-center gap-2 border-b border-line">
      <Icon aria-hidden="true" className="size-3.5 shrink-0 text-ink-3" />
      {href === undefined ? (
        <span className="text-ink-3">{title}</span>
      ) : href.startsWith('/') ? (
        <Link href={href} className="link min-w-0 truncate">
          {title}
        </Link>
      ) : (
        <a href={href} target="_blank" rel="noreferrer" className="link min-w-0 truncate">
          {title}
        </a>
      )}
      <span className="ml-auto shrink-0 text-12 text-ink-3">{where}</span>
    </li>
  );
}

/** The page as its file calls it, up to its number where it has one: `RUNBOOK-035`, `0035`, `livekit-egress`. */
function runbookLabel({ number, path }: NonNullable<RequestDetails['allocations']['runbook']>): string {
  const stem = path?.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+$/i, '');
  if (stem === undefined) return `number ${number}`;
  const [numbered, digits] = /^(?:[a-z]+[-_ ]?)?(\d+)(?=[-_ .]|$)/i.exec(stem) ?? [];
  return numbered !== undefined && Number(digits) === number ? numbered : stem;
}

function tracked(request: RequestDetails, step: 'tracker-issue' | 'runbook-page', url: string | undefined): ReactNode {
  const status = request.steps.find(({ name }) => name === step)?.status;
  if (url) return 'Notion';
  if (status === 'owed') return <span className="text-warn-ink">owed</span>;
  if (step === 'runbook-page' && request.action !== 'add' && request.state !== 'merged') return 'as it was';
  if (request.state === 'cancelled' || request.state === 'closed') return 'not made';
  return status === 'skipped' ? 'not asked for' : 'to come';
}

/** A removal takes nothing: it shows what the service has until main has nothing of it. */
function titleOf({ action, state }: RequestDetails): string {
  if (action !== 'remove') return 'Allocations';
  if (state === 'cancelled' || state === 'closed') return 'Keeps';
  return state === 'live' ? 'Given back' : 'Has until it is removed';
}

function rangeOf({ external }: PortAllocation): { from: number; to: number }[] {
  return external === 'none' ? [] : [external];
}

/** What a change lets go, and when. */
function GivenUp({ request, withdrawn }: { request: RequestDetails; withdrawn: boolean }) {
  const { ports, hosts } = request.allocations.givenUp;
  const given = [...ports, ...hosts];
  if (given.length === 0 || withdrawn) return null;
  return (
    <p className="py-2 text-12 text-ink-3">
      {request.state === 'live' ? 'Gave back' : 'Gives back'} <span className="mono">{given.join(', ')}</span>
      {request.state === 'live' ? '.' : ` once ${request.baseBranch} shows the change.`}
    </p>
  );
}

export function RequestSide({ request, pool }: { request: RequestDetails; pool: PoolStrip | undefined }) {
  const { allocations, links } = request;
  const published = allocations.ports.filter(({ external, state }) => external !== 'none' && state !== 'released');
  const withdrawn = request.state === 'cancelled' || request.state === 'closed';
  const facts: Fact[] = [
    ...allocations.ports.map((port) => portFact(port, request.action)),
    ...allocations.hosts.map(({ host, path }, index) => ({
      label: index === 0 ? 'Host' : `Alias ${index}`,
      value: mono(path === '/' ? host : `${host}${path}`),
    })),
    ...(allocations.runbook
      ? [
          {
            label: 'Runbook',
            value: (
              <span title={allocations.runbook.path}>
                <span className="mono">{runbookLabel(allocations.runbook)}</span>
                {request.action === 'add' && withdrawn ? <span className="text-12 text-ink-3"> given back</span> : null}
              </span>
            ),
          },
        ]
      : []),
    ...allocations.secrets.map((secret) => ({
      label: 'Secret',
      value: <span className="mono">{secret}</span>,
    })),
  ];
  const isLive = request.state === 'live';
  // What the service has already is not asked for.
  const asked = published.filter(({ state }) => state === 'held' || state === 'reserved').flatMap(rangeOf);
  const gone = request.action === 'add' ? withdrawn : request.action === 'remove' && isLive;
  return (
    <>
      <Section
        title={titleOf(request)}
        more={
          allocations.heldUntil ? (
            <>
              held, lease ends <RelativeTime at={allocations.heldUntil} form="due" />
            </>
          ) : undefined
        }
      >
        {pool && published.length > 0 ? (
          <PortMini
            pool={pool}
            spans={poolSpans(pool, isLive ? [] : asked, request.serviceName)}
            around={published.flatMap(rangeOf)[0]?.from}
          />
        ) : null}
        <Facts facts={facts} />
        <GivenUp request={request} withdrawn={withdrawn} />
      </Section>
      <Section title="Linked">
        <ul>
          <LinkedRow
            Icon={Anchor}
            title={request.serviceName}
            where={gone ? (request.action === 'add' ? 'withdrawn' : 'removed') : 'Catalog'}
            href={gone ? undefined : links.service}
          />
          <LinkedRow
            Icon={GitPullRequest}
            title={request.pull ? `Pull request ${request.pull.number}` : 'Pull request'}
            where={links.pull ? 'GitHub' : withdrawn ? 'not opened' : 'to come'}
            href={links.pull}
          />
          <LinkedRow
            Icon={ListTodo}
            title="Issue"
            where={tracked(request, 'tracker-issue', links.issue)}
            href={links.issue}
          />
          <LinkedRow
            Icon={BookOpen}
            title="Runbook page"
            where={tracked(request, 'runbook-page', links.runbookPage)}
            href={links.runbookPage}
          />
        </ul>
      </Section>
    </>
  );
}
