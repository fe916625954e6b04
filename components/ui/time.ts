/** Words for times: how long ago, how long it took, and the exact moment. Pure: the caller says what time it is. */

const steps = [
  { unit: 'y', ms: 365 * 86_400_000 },
  { unit: 'mo', ms: 30 * 86_400_000 },
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1000 },
] as const;

/** `26 min`, `5 s`, `0 s`: the largest unit that fits, without a fraction. */
export function age(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  const step = steps.find(({ ms }) => size >= ms) ?? { unit: 's', ms: 1000 };
  return `${Math.floor(size / step.ms)} ${step.unit}`;
}

/** `26 min ago`, `in 40 s`, `just now` below five seconds either way. */
export function relativeTime(at: number, now: number): string {
  const difference = at - now;
  if (Math.abs(difference) < 5000) return 'just now';
  return difference < 0 ? `${age(difference)} ago` : `in ${age(difference)}`;
}

/** When something is to come: `in 40 s`, `any moment` once it is due. */
export function dueTime(at: number, now: number): string {
  return at - now >= 5000 ? `in ${age(at - now)}` : 'any moment';
}

/** How long something took: `84 ms`, `1.9 s`, `1 min 12 s`, `3 h 5 min`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds));
  if (ms < 1000) return `${ms} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

const exactFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});

/** `4 Dec 2026, 14:06:11 UTC`: the same for everyone who reads it, wherever the server stands. */
export function exactTime(at: number): string {
  return `${exactFormat.format(at)} UTC`;
}
