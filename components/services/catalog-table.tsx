'use client';
/** The rows. Pending ones are dashed; the current row is the one that has focus. Long tables draw only what is in sight. */
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { MouseEvent, RefObject } from 'react';
import { HealthMark } from '@/components/ui/health-mark';
import { pillClass } from '@/components/ui/pill';
import { searchWords, type CatalogRow, type CatalogView, type SortKey } from './catalog-view';
import { Hit } from './hit';
import { useRowWindow } from './use-row-window';

const columns: { key: SortKey; label: string; className: string; width?: number }[] = [
  { key: 'name', label: 'Name', className: 'c-name' },
  { key: 'owner', label: 'Owner', className: 'c-owner', width: 116 },
  { key: 'category', label: 'Category', className: 'c-category', width: 116 },
  { key: 'stack', label: 'Stack', className: 'c-stack', width: 124 },
  { key: 'ports', label: 'Ports', className: 'c-ports', width: 172 },
  { key: 'host', label: 'Host', className: 'c-host', width: 240 },
  { key: 'lifecycle', label: 'Lifecycle', className: 'c-lifecycle', width: 98 },
  { key: 'state', label: 'State', className: 'c-state', width: 92 },
];

function Host({ host, words }: { host: string | undefined; words: readonly string[] }) {
  if (!host) return <span className="font-sans text-12 text-ink-3">internal</span>;
  const dot = host.indexOf('.');
  const [own, suffix] = dot === -1 ? [host, ''] : [host.slice(0, dot), host.slice(dot)];
  return (
    <>
      <Hit text={own} words={words} />
      <span className="text-ink-3">
        <Hit text={suffix} words={words} />
      </span>
    </>
  );
}

function Row({ row, index, words }: { row: CatalogRow; index: number; words: readonly string[] }) {
  const router = useRouter();
  const { service } = row;
  const pending = service.state === 'pending';
  const href = `/services/${service.name}`;

  /** For the pointer alone: keyboards have the link. */
  function onClick(event: MouseEvent) {
    const inLink = event.target instanceof Element && event.target.closest('a') !== null;
    if (inLink || event.defaultPrevented || (getSelection()?.toString() ?? '') !== '') return;
    if (event.ctrlKey || event.metaKey) window.open(href, '_blank');
    else router.push(href);
  }

  return (
    <tr
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-pending={pending ? '' : undefined}
      onClick={onClick}
      className="cursor-pointer"
    >
      <td role="cell" className="c-name">
        <span className="flex min-w-0 items-center gap-1.5">
          {pending ? <HealthMark health="pending" label="" /> : null}
          <Link
            href={href}
            prefetch={false}
            data-row-link
            className={`truncate font-medium outline-offset-0 ${pending ? 'text-accent' : 'text-ink'}`}
          >
            <Hit text={service.name} words={words} />
          </Link>
          {service.requestId !== undefined && pending ? (
            <Link href={`/requests/${service.requestId}`} prefetch={false} className={pillClass({ tone: 'promised' })}>
              Request {service.requestId}
            </Link>
          ) : null}
          {service.underWay && !pending ? (
            <Link
              href={`/requests/${service.underWay.id}`}
              prefetch={false}
              className={pillClass({ tone: 'promised' })}
            >
              {service.underWay.action === 'change' ? 'Change' : 'Removal'} {service.underWay.id}
            </Link>
          ) : null}
          <span className="ml-1 hidden truncate text-ink-3 2xl:inline">
            <Hit text={service.purpose ?? ''} words={words} />
          </span>
        </span>
      </td>
      <td role="cell" className="c-owner text-ink-2">
        <Hit text={service.owner ?? ''} words={words} />
      </td>
      <td role="cell" className="c-category text-ink-2">
        <Hit text={service.category ?? ''} words={words} />
      </td>
      <td role="cell" className="c-stack text-ink-2">
        <Hit text={service.stack ?? ''} words={words} />
      </td>
      <td role="cell" className="c-ports mono" title={row.ports}>
        {row.ports === '' ? (
          <span className="text-ink-3" aria-label="no ports">
            –
          </span>
        ) : (
          <Hit text={row.ports} words={words} />
        )}
      </td>
      <td role="cell" className="c-host mono text-ink-2" title={service.host}>
        <Host host={service.host} words={words} />
      </td>
      <td
        role="cell"
        className={`c-lifecycle capitalize ${service.lifecycle === 'production' ? 'text-ink-3' : 'text-ink-2'}`}
      >
        {service.lifecycle ?? ''}
      </td>
      <td role="cell" className={`c-state ${pending ? 'text-accent' : 'text-ink-3'}`}>
        {pending ? 'Pending' : 'Live'}
      </td>
    </tr>
  );
}

export function CatalogTable({
  rows,
  view,
  onSort,
  body,
}: {
  rows: readonly CatalogRow[];
  view: CatalogView;
  onSort: (key: SortKey) => void;
  /** The table's body, for whoever moves the focus in it. */
  body: RefObject<HTMLTableSectionElement | null>;
}) {
  const { start, end } = useRowWindow(body, rows.length);
  const words = searchWords(view.search);
  return (
    <table role="table" className="dense catalog-table" aria-rowcount={rows.length + 1}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.key} className={column.className} style={{ width: column.width }} />
        ))}
      </colgroup>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {columns.map((column) => {
            const sorted = view.sort === column.key ? (view.descending ? 'descending' : 'ascending') : undefined;
            return (
              <th key={column.key} role="columnheader" scope="col" aria-sort={sorted} className={column.className}>
                <button type="button" onClick={() => onSort(column.key)} className="h-7 hover:text-ink">
                  {column.label}
                  {sorted ? <span aria-hidden="true"> {sorted === 'descending' ? '↓' : '↑'}</span> : null}
                </button>
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        {start > 0 ? <tr aria-hidden="true" style={{ height: `calc(var(--row) * ${start})` }} /> : null}
        {rows.slice(start, end).map((row, index) => (
          <Row key={row.service.name} row={row} index={start + index} words={words} />
        ))}
        {end < rows.length ? (
          <tr aria-hidden="true" style={{ height: `calc(var(--row) * ${rows.length - end})` }} />
        ) : null}
      </tbody>
    </table>
  );
}
