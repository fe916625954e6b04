/** One pool: its strip, and who has what in it, in words. */
import clsx from 'clsx';
import Link from 'next/link';
import type { PoolStrip, PortCell, StripSegment } from '@/lib/ports/views';
import { HealthMark } from '@/components/ui/health-mark';
import { PortStrip } from '@/components/ui/port-strip';
import { poolSpans } from './pool-spans';

function range(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}

const stateWords: Record<StripSegment['state'], string> = { taken: '', reserved: 'pull request open', held: 'held' };

/** The list below a strip: number, owner, and what is not plainly taken. */
export function OwnerList({ segments }: { segments: readonly StripSegment[] }) {
  return (
    <ul className="mt-3 columns-[15rem] gap-x-8">
      {segments.map((segment) => (
        <li
          key={`${segment.from}-${segment.label}`}
          className="flex h-6 break-inside-avoid items-center gap-2 border-b border-line text-12"
        >
          <span className="mono w-[82px] shrink-0">{range(segment.from, segment.to)}</span>
          {segment.state === 'taken' ? null : <HealthMark health="pending" size={8} label="" />}
          <Link
            href={segment.href}
            prefetch={false}
            className={clsx(
              'min-w-0 truncate hover:underline',
              segment.state === 'taken' ? 'text-ink-2' : 'text-accent',
            )}
          >
            {segment.label}
          </Link>
          {stateWords[segment.state] ? (
            <span className="ml-auto shrink-0 text-ink-3">{stateWords[segment.state]}</span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

export function PoolSection({ pool }: { pool: PoolStrip }) {
  return (
    <section id={`pool-${pool.name}`} aria-labelledby={`pool-${pool.name}-title`} className="mt-9 first:mt-5">
      <header className="mb-2.5 flex flex-wrap items-baseline gap-x-2.5">
        <h2 id={`pool-${pool.name}-title`} className="font-semibold">
          {pool.name}
        </h2>
        <span className="mono text-ink-2">{range(pool.from, pool.to)}</span>
        {pool.description ? <span className="text-12 text-ink-3">{pool.description}</span> : null}
      </header>
      <PortStrip pool={pool} spans={poolSpans(pool)} />
      {pool.segments.length > 0 ? <OwnerList segments={pool.segments} /> : null}
    </section>
  );
}

/** Neighbouring cells of the same owner as one segment, for ports outside of every pool. */
export function segmentsOfCells(cells: readonly PortCell[]): StripSegment[] {
  const segments: StripSegment[] = [];
  for (const cell of cells) {
    const [owner] = cell.owners;
    if (!owner) continue;
    const label = [...new Set(cell.owners.map((each) => each.label))].join(', ');
    const before = segments.at(-1);
    if (before && before.to === cell.port - 1 && before.label === label) before.to = cell.port;
    else segments.push({ from: cell.port, to: cell.port, state: owner.state, label, href: owner.href });
  }
  return segments;
}
