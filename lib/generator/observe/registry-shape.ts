/** What the top of a port registry is: sections of several kinds, or the services themselves. */
import { asRecord } from '../yaml/read';
import { readPortRange } from './port-text';

const POOL_SECTIONS = /^(?:port_)?(?:ranges|pools|blocks)$/i;
const HINT_SECTIONS = /^(?:next_(?:available|free|ports?)|available)$/i;
/** What stands at the top beside services in a registry that has no sections. */
const HEAD = /^(?:version|schema|host|updated?(?:_at)?|description)$/i;

/** Whether a top-level key holds ranges of ports and no services. */
export function isPoolSection(name: string): boolean {
  return POOL_SECTIONS.test(name);
}

/** Whether a top-level key holds what is said to be free, which nobody relies on. */
export function isHintSection(name: string): boolean {
  return HINT_SECTIONS.test(name);
}

/** Whether a registry has neither lists nor sections: services at the top, each with its number or its fields. */
export function isFlat(root: unknown): boolean {
  const entries = Object.entries(withoutHead(root));
  return (
    entries.length > 0 &&
    entries.every(([, value]) => {
      const fields = asRecord(value);
      return fields ? readPortRange(fields['port']) !== undefined : readPortRange(value) !== undefined;
    })
  );
}

/** The services of such a registry. */
export function withoutHead(root: unknown): Record<string, unknown> {
  const entries = Object.entries(asRecord(root) ?? {});
  return Object.fromEntries(
    entries.filter(([name]) => !HEAD.test(name) && !isPoolSection(name) && !isHintSection(name)),
  );
}
