/**
 * A pool of ports as a strip: flags above, ruler, cells, numbers, owners below. Read-only here; `PortPicker` is the one that can be picked from,
 * `PortMini` the small one for side panels.
 */
import type { CSSProperties, ReactNode } from 'react';
import {
  stripModel,
  stripWindow,
  type PortState,
  type StripCell,
  type StripFlag,
  type StripModel,
  type StripPart,
  type StripPool,
  type StripSpan,
} from './port-strip-model';

const legendWords: Record<PortState | 'free', string> = {
  taken: 'taken',
  held: 'held',
  yours: 'yours',
  clash: 'clash',
  free: 'free',
};

/** `Pool realtime, 7880 to 7919: 15 taken, 3 held, 22 free.` */
function summary(pool: StripPool, model: StripModel): string {
  const figures = (Object.keys(legendWords) as (PortState | 'free')[])
    .filter((state) => model.counts[state] > 0)
    .map((state) => `${model.counts[state]} ${legendWords[state]}`);
  return `Pool ${pool.name}, ${pool.from} to ${pool.to}: ${figures.join(', ')}.`;
}

/** A cell's attributes, the same wherever it is drawn. */
export function cellAttributes(cell: StripCell) {
  return {
    'data-state': cell.state,
    'data-lit': cell.lit ? '' : undefined,
    title: cell.state === 'free' ? undefined : cell.label,
    className: 'port-cell',
  };
}

/** How the ruler's marks lie: one for each cell, a long one at every number that five divides. */
function rulerStyle(count: number, first: number): CSSProperties {
  const marks = { '--cells': count, '--shift': (5 - (first % 5)) % 5 };
  return { gridColumn: `1 / span ${count}`, ...marks };
}

/** Columns that a flag's label needs. */
const flagRoom = 4;

/** A flag stands to the right of its line; to the left where the next flag is too near, or the part ends. */
function flagStandsLeft(port: number, column: number, flags: readonly StripFlag[]): boolean {
  const near = (from: number, to: number) => flags.some((flag) => flag.port >= from && flag.port <= to);
  if (near(port + 1, port + flagRoom)) return column >= flagRoom;
  return column > 13 && !near(port - flagRoom, port - 1);
}

/** One part of twenty: what stands around its cells. `drawCell` draws each of them. */
export function StripPartView({
  part,
  flags,
  withFlags,
  drawCell,
}: {
  part: StripPart;
  flags: readonly StripFlag[];
  withFlags: boolean;
  drawCell: (cell: StripCell) => ReactNode;
}) {
  if (part.kind === 'gap') {
    return (
      <div role="presentation" className="port-gap" data-flags={withFlags ? '' : undefined}>
        <span className="mono">
          {part.from}–{part.to}
        </span>{' '}
        all {part.to - part.from + 1} free
      </div>
    );
  }
  const row = withFlags ? 1 : 0;
  return (
    <div className="port-part" role="presentation" data-flags={withFlags ? '' : undefined}>
      {part.cells.map((cell, column) => {
        const own = flags.filter((flag) => flag.port === cell.port);
        return own.map((flag) => {
          const left = flagStandsLeft(cell.port, column, flags);
          return (
            <span
              key={`flag-${flag.label}`}
              className="port-flag"
              data-tone={flag.tone}
              data-side={left ? 'left' : undefined}
              style={{ gridRow: 1, gridColumn: left ? `${column - 4} / ${column + 2}` : `${column + 1} / span 6` }}
            >
              {flag.label}
            </span>
          );
        });
      })}
      <i aria-hidden="true" className="port-ruler" style={rulerStyle(part.cells.length, part.cells[0]?.port ?? 0)} />
      {part.cells.map(drawCell)}
      {part.cells.map((cell, column) =>
        cell.port % 10 === 0 ? (
          <span
            key={`tick-${cell.port}`}
            aria-hidden="true"
            className="port-tick"
            style={{ gridRow: row + 3, gridColumn: `${column + 1} / span 4` }}
          >
            {cell.port}
          </span>
        ) : null,
      )}
      {part.brackets.map((bracket) => (
        <i
          key={`bracket-${bracket.start}`}
          aria-hidden="true"
          className="port-bracket"
          data-state={bracket.state}
          style={{ gridRow: row + 4, gridColumn: `${bracket.start + 1} / span ${bracket.length}` }}
        />
      ))}
      {part.brackets.map((bracket) =>
        bracket.room >= 4 ? (
          <span
            key={`owner-${bracket.start}`}
            aria-hidden="true"
            className="port-owner"
            data-state={bracket.state}
            style={{ gridRow: row + 4, gridColumn: `${bracket.start + 1} / span ${bracket.room}` }}
          >
            {bracket.owner}
          </span>
        ) : null,
      )}
    </div>
  );
}

/** How many of each, and the next free one. */
export function StripLegend({ model, yours = 'yours' }: { model: StripModel; yours?: string }) {
  const shown = (['taken', 'held', 'yours', 'clash', 'free'] as const).filter(
    (state) => model.counts[state] > 0 || state === 'free',
  );
  return (
    <p className="mt-2.5 flex flex-wrap gap-x-4 gap-y-2 text-12 text-ink-2">
      {shown.map((state) => (
        <span key={state} className="flex items-center gap-1.5">
          <i aria-hidden="true" className="port-cell port-legend-cell" data-state={state} />
          <b className="font-medium text-ink">{model.counts[state]}</b>
          {state === 'yours' ? yours : legendWords[state]}
        </span>
      ))}
      <span className="text-ink-3 md:ml-auto">
        {model.nextFree === undefined ? (
          'none free'
        ) : (
          <>
            next free <b className="mono font-medium text-ink">{model.nextFree}</b>
          </>
        )}
      </span>
    </p>
  );
}

/** The strip to look at. Screen readers get it as one picture with its figures; the owners stand in words wherever it is used. */
export function PortStrip({
  pool,
  spans,
  flags = [],
  legend = true,
}: {
  pool: StripPool;
  spans: readonly StripSpan[];
  flags?: readonly StripFlag[];
  legend?: boolean;
}) {
  const model = stripModel(pool, spans);
  return (
    <div>
      <div className="port-strip" role="img" aria-label={summary(pool, model)}>
        {model.parts.map((part) => (
          <StripPartView
            key={part.kind === 'gap' ? part.from : part.cells[0]?.port}
            part={part}
            flags={flags}
            withFlags={flags.length > 0}
            drawCell={(cell) => <i key={cell.port} {...cellAttributes(cell)} />}
          />
        ))}
      </div>
      {legend ? <StripLegend model={model} /> : null}
    </div>
  );
}

/** Fourteen pixels tall, for side panels: a short pool whole, a long one around `around`. */
export function PortMini({
  pool,
  spans,
  around,
}: {
  pool: StripPool;
  spans: readonly StripSpan[];
  around?: number | undefined;
}) {
  const shown = stripWindow(pool, around);
  const model = stripModel(shown, spans);
  const cells = model.parts.flatMap((part) => (part.kind === 'cells' ? part.cells : []));
  return (
    <div className="pt-3 pb-1.5">
      <div className="port-mini" role="img" aria-label={summary(shown, model)}>
        {cells.map((cell) => (
          <i key={cell.port} {...cellAttributes(cell)} />
        ))}
      </div>
      <p className="mono mt-1 flex justify-between text-[10.5px] leading-4 text-ink-3" aria-hidden="true">
        <span>{shown.from}</span>
        <span>{pool.name}</span>
        <span>{shown.to}</span>
      </p>
    </div>
  );
}
