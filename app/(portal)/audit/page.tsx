import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { AuditFilters } from '@/components/audit/audit-filters';
import { AuditTable } from '@/components/audit/audit-table';
import { RowKeys } from '@/components/shell/row-keys';
import { Waterline } from '@/components/shell/waterline';
import { buttonClass, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { TabLinks } from '@/components/ui/tab-links';
import { listAudit } from '@/lib/audit/queries';
import { auditHref, parseAuditFilter, type ActorKind } from '@/lib/audit/views';
import { requireActor } from '@/lib/auth/session';

export const metadata: Metadata = { title: 'Audit' };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const tabs: readonly { kind: ActorKind | undefined; label: string }[] = [
  { kind: undefined, label: 'Everybody' },
  { kind: 'person', label: 'People' },
  { kind: 'job', label: 'Jobs' },
  { kind: 'system', label: 'Other systems' },
  { kind: 'database', label: 'Past Slipway' },
];

/** Who changed what, from where: append-only, for operators. */
export default async function AuditPage({ searchParams }: Props) {
  await requireActor('audit.read');
  const filter = parseAuditFilter(await searchParams);
  const { entries, nextCursor } = await listAudit(filter);
  const { cursor, ...asked } = filter;
  const narrowed = Object.keys(asked).length > 0;
  return (
    <>
      <div className="flex-1 bg-surface">
        <h1 className="sr-only">Audit</h1>
        <div className="flex items-end gap-3 border-b border-line-strong px-4 pt-1.5">
          <div className="min-w-0 flex-1">
            <TabLinks
              flush
              label="By whom"
              tabs={tabs.map(({ kind, label }) => ({
                label,
                href: auditHref({ ...asked, kind }),
                current: asked.kind === kind,
              }))}
            />
          </div>
          <a
            href={auditHref(asked, '/api/v1/audit?format=jsonl')}
            download
            className={`${buttonClass({ size: 'sm' })} mb-[5px]`}
          >
            <Download aria-hidden="true" className="size-3.5 text-ink-3" />
            <span>
              Export<span className="max-md:sr-only"> as JSON lines</span>
            </span>
          </a>
        </div>
        <AuditFilters filter={filter} />
        {entries.length > 0 ? (
          <AuditTable entries={entries} />
        ) : (
          <EmptyState
            title={cursor ? 'No older ones' : narrowed ? 'Nobody did that' : 'Nobody has changed anything yet'}
            actions={narrowed || cursor ? <ButtonLink href="/audit">All entries</ButtonLink> : undefined}
          >
            {narrowed
              ? 'No entry fits all of what is asked for. Take a word away, or widen the days.'
              : 'Every change by a person, a job or another system appears here, and stays.'}
          </EmptyState>
        )}
        {nextCursor !== undefined || cursor !== undefined ? (
          <nav aria-label="Pages" className="flex gap-2 px-4 py-4">
            {cursor !== undefined ? <ButtonLink href={auditHref(asked)}>Newest</ButtonLink> : null}
            {nextCursor !== undefined ? (
              <ButtonLink href={auditHref({ ...asked, cursor: nextCursor })}>Older</ButtonLink>
            ) : null}
          </nav>
        ) : null}
      </div>
      <RowKeys />
      <Waterline
        facts={[{ id: 'kept', content: 'append-only', note: 'kept by the database', always: true }]}
        keys={[
          { keys: ['/'], label: 'search' },
          { keys: ['j', 'k'], label: 'move' },
          { keys: ['Enter'], label: 'open' },
        ]}
      />
    </>
  );
}
