/** When somebody who wants to write to another system may, so that all together stay within its limits. Pure. */

/** How many writing requests a system takes. */
export interface WriteLimits {
  perMinute: number;
  perHour: number;
}

/** Somebody's place in the row. */
export interface Turn {
  dueAt: Date;
  writes: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The first moment, not before `now` and not before anybody who is in the row already, at which `writes` more requests exceed neither limit. More than
 * a limit has room for is counted as the whole limit: it has its turn when nobody else writes.
 * @param turns those of the last hour and those to come, in any order.
 */
export function nextTurn(turns: readonly Turn[], writes: number, now: Date, limits: WriteLimits): Date {
  const windows = [
    { length: MINUTE_MS, most: limits.perMinute },
    { length: HOUR_MS, most: limits.perHour },
  ];
  const sorted = turns.map(({ dueAt, writes: theirs }) => ({ at: dueAt.getTime(), writes: theirs }));
  sorted.sort((a, b) => a.at - b.at);
  let at = Math.max(now.getTime(), sorted.at(-1)?.at ?? 0);
  for (const { length, most } of windows) {
    let inside = sorted.filter((turn) => turn.at > at - length);
    let sum = inside.reduce((total, turn) => total + Math.min(turn.writes, most), 0);
    // The oldest leave the window first; what is waited for the longer one only empties the shorter one.
    for (let oldest = inside[0]; oldest && sum + Math.min(writes, most) > most; oldest = inside[0]) {
      sum -= Math.min(oldest.writes, most);
      at = Math.max(at, oldest.at + length);
      inside = inside.slice(1);
    }
  }
  return new Date(at);
}

/** The part of a limit that is kept free for what is urgent. */
const KEPT_FREE = 0.1;

/** What whoever is not urgent may fill: so that a cancellation finds room, also where many pull requests have used up the rest of the hour. */
export function ordinaryLimits({ perMinute, perHour }: WriteLimits): WriteLimits {
  const part = (limit: number) => Math.max(1, Math.floor(limit * (1 - KEPT_FREE)));
  return { perMinute: part(perMinute), perHour: part(perHour) };
}

/**
 * When those in the row have their turn once somebody urgent went before them: each at the first moment, not before the one it had, at which the limits
 * allow it; their order stays.
 * @param fixed turns that stay where they are: taken, urgent, or about to be taken.
 * @param waiting those that move, in any order.
 */
export function movedBack<Waiting extends Turn>(
  fixed: readonly Turn[],
  waiting: readonly Waiting[],
  limits: WriteLimits,
): Waiting[] {
  const placed: Turn[] = [...fixed];
  const inOrder = [...waiting].sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  return inOrder.map((turn) => {
    const moved = { ...turn, dueAt: nextTurn(placed, turn.writes, turn.dueAt, limits) };
    placed.push(moved);
    return moved;
  });
}
