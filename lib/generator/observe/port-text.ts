/** Port numbers as files write them: 8080, "7881-7892", "${WEB_PORT:-8080}:80/udp", and Compose's long form. */
import type { PortRange } from '@/lib/services/port-range';
import { asRecord, asText } from '../yaml/read';

export type Protocol = 'tcp' | 'udp';

/** One entry of a Compose service's `ports` that publishes a known host port. */
export interface PublishedPort {
  range: PortRange;
  internal?: PortRange;
  protocol: Protocol;
  /** Index in the list. */
  index: number;
  hostIp?: string;
}

/** A port or a range in a number or in text, with `_` between digits as older YAML has it; undefined where it is neither. */
export function readPortRange(value: unknown): PortRange | undefined {
  const text = asText(value);
  if (text === undefined) return undefined;
  return rangeIn(
    fillDefaults(text)
      .replace(/(?<=\d)_(?=\d)/g, '')
      .replace(/\s*(?:–|\.\.|to)\s*/, '-'),
  );
}

/** As parsePortRange of a spec, and as wide as files have them: all that is taken counts. */
function rangeIn(text: string): PortRange | undefined {
  const [, from = '', to = from] = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(text) ?? [];
  const range = { from: Number(from), to: Number(to) };
  return from !== '' && range.from >= 1 && range.from <= range.to && range.to <= 65_535 ? range : undefined;
}

/**
 * Reads an entry of Compose's `ports`, short or long form.
 * @returns undefined where no host port is fixed: only a container port, or a variable without a default.
 */
export function readPublishedPort(entry: unknown, index: number): PublishedPort | undefined {
  const long = asRecord(entry);
  if (long) {
    const range = readPortRange(long['published']);
    const internal = readPortRange(long['target']);
    const hostIp = asText(long['host_ip']);
    if (!range) return undefined;
    return published(range, internal, asText(long['protocol']), hostIp, index);
  }
  const text = asText(entry);
  if (text === undefined) return undefined;
  const match = /^(?:(\[[^\]]*\]|[^:[\]]*):)?([\d-]*):([\d-]+)(?:\/(\w+))?$/.exec(
    fillDefaults(text).replace(/\s/g, ''),
  );
  const range = match?.[2] ? rangeIn(match[2]) : undefined;
  if (!match || !range) return undefined;
  return published(range, rangeIn(match[3] ?? ''), match[4], match[1], index);
}

/** Compose's `${NAME:-default}` and `${NAME-default}` with their defaults filled in; variables without one vanish. */
export function fillDefaults(text: string): string {
  let filled = text;
  // From the inside out, for ${A:-${B:-1}}.
  for (let depth = 0; depth < 4 && filled.includes('${'); depth++)
    filled = filled.replace(/\$\{[A-Za-z_]\w*(?::?-([^${}]*)|:?[?+][^${}]*)?\}/g, (_, value?: string) => value ?? '');
  return filled;
}

/** `tcp` or `udp` where a text says which. */
export function readProtocol(value: unknown): Protocol | undefined {
  const text = asText(value)?.toLowerCase();
  return text === 'udp' || text === 'tcp' ? text : undefined;
}

function published(
  range: PortRange,
  internal: PortRange | undefined,
  protocol: string | undefined,
  hostIp: string | undefined,
  index: number,
): PublishedPort {
  return {
    range,
    ...(internal ? { internal } : {}),
    protocol: readProtocol(protocol) ?? 'tcp',
    index,
    ...(hostIp ? { hostIp } : {}),
  };
}
