/** Ports and ranges of ports: one schema, and how registries, Compose and people write them. */
import { z } from 'zod';

/** One port number, 1 to 65535. */
export const PortNumber = z
  .number()
  .int('A whole number.')
  .min(1, 'Ports start at 1.')
  .max(65535, 'Ports end at 65535.');

const PortRangeObject = z
  .object({ from: PortNumber, to: PortNumber })
  .strict()
  .refine((range) => range.from <= range.to, 'The range ends before it starts.')
  .refine((range) => range.to - range.from < 1000, 'At most 1000 ports in one range.');

/** A port or an inclusive range of ports. People may write 7880 or "7881-7892"; what is parsed is always `{from, to}`. */
export const PortRange = z.union([
  PortRangeObject,
  PortNumber.transform((port) => ({ from: port, to: port })),
  z
    .string()
    .regex(/^\s*\d{1,5}\s*(-\s*\d{1,5}\s*)?$/, 'A port such as 7880, or a range such as 7881-7892.')
    .transform((text) => {
      const [from, to] = text.split('-').map(Number);
      return { from: from ?? 0, to: to ?? from ?? 0 };
    })
    .pipe(PortRangeObject),
]);
export type PortRange = z.infer<typeof PortRange>;

/** Whether two inclusive ranges share a port. */
export function overlaps(a: PortRange, b: PortRange): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** `7880` or `7881-7892`: the way registries, Compose and people write a range. */
export function formatPortRange(range: PortRange): string {
  return range.from === range.to ? String(range.from) : `${range.from}-${range.to}`;
}

/**
 * Reads `7880` or `7881-7892` (spaces allowed around the hyphen).
 * @returns the range, or undefined where the text is neither.
 */
export function parsePortRange(text: string): PortRange | undefined {
  const match = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(text);
  if (!match) return undefined;
  const from = Number(match[1]);
  const parsed = PortRange.safeParse({ from, to: match[2] === undefined ? from : Number(match[2]) });
  return parsed.success ? parsed.data : undefined;
}

/** What of `range` is in none of `others`: up to one piece more than there are others, ascending. */
export function withoutRanges(range: PortRange, others: readonly PortRange[]): PortRange[] {
  let pieces = [range];
  for (const other of others)
    pieces = pieces.flatMap((piece) => {
      if (!overlaps(piece, other)) return [piece];
      const left = piece.from < other.from ? [{ from: piece.from, to: other.from - 1 }] : [];
      const right = other.to < piece.to ? [{ from: other.to + 1, to: piece.to }] : [];
      return [...left, ...right];
    });
  return pieces;
}

/**
 * The lowest `size` ports in a row of `within` that none of `used` has.
 * @returns undefined where there are none.
 */
export function firstFreeRange(within: PortRange, size: number, used: readonly PortRange[]): PortRange | undefined {
  let from = within.from;
  for (const range of [...used].sort((a, b) => a.from - b.from)) {
    if (range.to < from) continue;
    if (range.from >= from + size) break;
    from = range.to + 1;
  }
  return from + size - 1 <= within.to ? { from, to: from + size - 1 } : undefined;
}

/** How many ports of `within` are in one of `used`. */
export function countUsedPorts(within: PortRange, used: readonly PortRange[]): number {
  const free = withoutRanges(within, used).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return within.to - within.from + 1 - free;
}

/** Linux gives these to outgoing connections (net.ipv4.ip_local_port_range); a service there may find its port in use at a start. */
export const EPHEMERAL_PORTS: PortRange = { from: 32768, to: 60999 };
/** Only privileged programs listen below (IANA's system ports, RFC 6335). */
const FIRST_UNPRIVILEGED = 1024;
/** From this width on a range is worth a second thought: Docker starts a proxy for each published port. */
const WIDE_RANGE = 100;

/** What somebody should think of before taking these ports, as clauses: `ports below 1024 are well known …`. Empty where there is nothing. */
export function portWarnings(range: PortRange): string[] {
  const size = range.to - range.from + 1;
  return [
    ...(range.from < FIRST_UNPRIVILEGED ? ['ports below 1024 are well known and need privileges'] : []),
    ...(overlaps(range, EPHEMERAL_PORTS)
      ? [`outgoing connections use ${formatPortRange(EPHEMERAL_PORTS)}: it may be busy at a start`]
      : []),
    ...(size >= WIDE_RANGE ? [`Docker starts a process for each of ${size} published ports`] : []),
  ];
}
