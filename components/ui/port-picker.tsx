'use client';
/** The port strip to pick from: one focus stop, arrows move, Enter or a click picks. Each cell announces number, state and owner. */
import { useRef, useState, type KeyboardEvent } from 'react';
import { cellAttributes, StripLegend, StripPartView } from './port-strip';
import {
  moveInStrip,
  stripModel,
  type StripCell,
  type StripFlag,
  type StripPool,
  type StripSpan,
} from './port-strip-model';

export function PortPicker({
  pool,
  spans,
  flags = [],
  selected,
  onPick,
  label,
  yours,
}: {
  pool: StripPool;
  spans: readonly StripSpan[];
  flags?: readonly StripFlag[];
  /** The port that the picked-for field has now. */
  selected?: number;
  /** Called with a free port, or one of yours. */
  onPick: (port: number) => void;
  /** What is picked: `Port on the host for http`. */
  label: string;
  /** The legend's word for your ports: `this draft`. */
  yours?: string;
}) {
  const model = stripModel(pool, spans);
  const cells = model.parts.flatMap((part) => (part.kind === 'cells' ? part.cells : []));
  const strip = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<number>();
  const stop = [focused, selected, model.nextFree, cells[0]?.port].find(
    (port) => port !== undefined && cells.some((cell) => cell.port === port),
  );

  function pickable(cell: StripCell): boolean {
    return cell.state === 'free' || cell.state === 'yours';
  }

  function onKeyDown(event: KeyboardEvent) {
    const buttons = [...(strip.current?.querySelectorAll<HTMLButtonElement>('button.port-cell') ?? [])];
    const index = cells.findIndex((cell) => cell.port === stop);
    const top = buttons[0]?.offsetTop;
    const inARow = buttons.findIndex((button) => button.offsetTop !== top);
    const next = moveInStrip(event.key, index, cells.length, inARow === -1 ? cells.length : inARow);
    if (next === undefined) return;
    event.preventDefault();
    setFocused(cells[next]?.port);
    buttons[next]?.focus();
  }

  return (
    <div>
      <div
        ref={strip}
        className="port-strip"
        role="listbox"
        aria-label={label}
        aria-orientation="horizontal"
        onKeyDown={onKeyDown}
      >
        {model.parts.map((part) => (
          <StripPartView
            key={part.kind === 'gap' ? part.from : part.cells[0]?.port}
            part={part}
            flags={flags}
            withFlags={flags.length > 0}
            drawCell={(cell) => (
              <button
                key={cell.port}
                type="button"
                role="option"
                aria-selected={cell.port === selected}
                aria-disabled={!pickable(cell)}
                aria-label={cell.label}
                tabIndex={cell.port === stop ? 0 : -1}
                onFocus={() => setFocused(cell.port)}
                onClick={() => {
                  if (pickable(cell)) onPick(cell.port);
                }}
                {...cellAttributes(cell)}
              />
            )}
          />
        ))}
      </div>
      <StripLegend model={model} {...(yours ? { yours } : {})} />
    </div>
  );
}
