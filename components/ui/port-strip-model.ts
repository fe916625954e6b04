/**
 * What a port strip shows, worked out from a pool and the spans that lie on it: cells, owner brackets, counts, the next free port, and where an
 * arrow key leads. Pure, so that the strip itself only draws.
 */

/** `taken` is real, `held` is another's promise, `yours` is this draft's or request's, `clash` is yours where somebody else is already. */
export type PortState = 'taken' | 'held' | 'yours' | 'clash';

export interface StripPool {
  name: string;
  from: number;
  to: number;
}

/** Neighbouring ports of one owner. Spans may overlap (TCP and UDP of one number): the stronger state is drawn. */
export interface StripSpan {
  from: number;
  to: number;
  state: PortState;
  /** Who has it, as it stands under the strip: `livekit`, `coturn, request 138`. */
  owner: string;
  /** More for whoever asks: protocol, since when, until when. */
  detail?: string;
  /** The field in focus has this value: drawn solid. */
  lit?: boolean;
}

export interface StripFlag {
  port: number;
  label: string;
  tone?: 'yours' | 'clash';
}

export interface StripCell {
  port: number;
  state: PortState | 'free';
  owner: string | undefined;
  lit: boolean;
  /** `7893, free`; `7910, held, coturn, request 138`. */
  label: string;
}

export interface StripBracket {
  owner: string;
  state: PortState;
  /** Columns within its part, from 0; `room` is how many columns the name may take before the next name starts. */
  start: number;
  length: number;
  room: number;
}

/** Twenty ports, or a stretch where all is free and nothing needs to be drawn. */
export type StripPart =
  { kind: 'cells'; cells: StripCell[]; brackets: StripBracket[] } | { kind: 'gap'; from: number; to: number };

export interface StripModel {
  parts: StripPart[];
  counts: Record<PortState | 'free', number>;
  nextFree: number | undefined;
}

export const partLength = 20;
/** A strip with at most this many parts is drawn in full. */
const fullLength = 4;

const strength: Record<PortState, number> = { held: 1, taken: 2, yours: 3, clash: 4 };
const said: Record<PortState | 'free', string> = {
  taken: 'taken',
  held: 'held',
  yours: 'yours',
  clash: 'clash',
  free: 'free',
};

/** @returns everything the strip draws. Long pools fold stretches in which all is free; the part with the next free port stays. */
export function stripModel(pool: StripPool, spans: readonly StripSpan[]): StripModel {
  const cells: StripCell[] = [];
  const counts = { taken: 0, held: 0, yours: 0, clash: 0, free: 0 };
  for (let port = pool.from; port <= pool.to; port += 1) {
    let strongest: StripSpan | undefined;
    for (const span of spans) {
      if (port < span.from || port > span.to) continue;
      if (!strongest || strength[span.state] > strength[strongest.state]) strongest = span;
    }
    const state = strongest?.state ?? 'free';
    counts[state] += 1;
    cells.push({
      port,
      state,
      owner: strongest?.owner,
      lit: strongest?.lit === true,
      label: [String(port), said[state], strongest?.owner, strongest?.detail].filter(Boolean).join(', '),
    });
  }
  const nextFree = cells.find((cell) => cell.state === 'free')?.port;
  return { parts: fold(cells, nextFree), counts, nextFree };
}

function fold(cells: readonly StripCell[], nextFree: number | undefined): StripPart[] {
  const parts: StripPart[] = [];
  const fits = cells.length <= fullLength * partLength;
  for (let start = 0; start < cells.length; start += partLength) {
    const part = cells.slice(start, start + partLength);
    const [first, last] = [part[0], part.at(-1)];
    if (!first || !last) continue;
    const empty = part.every((cell) => cell.state === 'free' && cell.port !== nextFree);
    if (fits || !empty) {
      parts.push({ kind: 'cells', cells: part, brackets: bracketsOf(part) });
      continue;
    }
    const before = parts.at(-1);
    if (before?.kind === 'gap') before.to = last.port;
    else parts.push({ kind: 'gap', from: first.port, to: last.port });
  }
  return parts;
}

function bracketsOf(cells: readonly StripCell[]): StripBracket[] {
  const brackets: StripBracket[] = [];
  cells.forEach((cell, column) => {
    if (cell.state === 'free' || cell.owner === undefined) return;
    const before = brackets.at(-1);
    if (before && before.owner === cell.owner && before.start + before.length === column) before.length += 1;
    else brackets.push({ owner: cell.owner, state: cell.state, start: column, length: 1, room: 0 });
  });
  brackets.forEach((bracket, index) => {
    bracket.room = (brackets[index + 1]?.start ?? partLength) - bracket.start;
  });
  return brackets;
}

/**
 * Where a key leads among the drawn cells.
 * @param columns how many cells stand side by side.
 * @returns the index of the next cell, or undefined where the key is not one of the strip's.
 */
export function moveInStrip(key: string, index: number, count: number, columns: number): number | undefined {
  const clamp = (next: number) => Math.min(count - 1, Math.max(0, next));
  switch (key) {
    case 'ArrowRight':
      return clamp(index + 1);
    case 'ArrowLeft':
      return clamp(index - 1);
    case 'ArrowDown':
      return index + columns < count ? index + columns : index;
    case 'ArrowUp':
      return index - columns >= 0 ? index - columns : index;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** The stretch of a pool that a side panel shows: all of a short one, otherwise `length` ports with `port` inside, from a round number. */
export function stripWindow(pool: StripPool, port: number | undefined, length = 40): StripPool {
  if (pool.to - pool.from < length) return pool;
  const wanted = Math.min(Math.max(port ?? pool.from, pool.from), pool.to);
  const start = Math.max(pool.from, wanted - ((wanted - pool.from) % (length / 2)) - length / 4);
  const from = Math.min(start, pool.to - length + 1);
  return { name: pool.name, from, to: from + length - 1 };
}
