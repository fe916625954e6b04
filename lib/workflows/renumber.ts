/**
 * Whether nothing but numbers moved since a person looked at a plan: ports that `auto` became, and the runbook's number, which others took meanwhile.
 * Proved by planning again as if those numbers were still free: then it is byte for byte what the person saw (decision 017).
 */
import type { Manifest } from '@/lib/services/manifest';
import { overlaps, type PortRange } from '@/lib/services/port-range';
import { planUnchecked, type Held, type Intent } from './plan-service';
import type { Repository } from './read-repository';

/** What only the moment decided when the plan was seen, as the preview told it. */
export interface SeenNumbers {
  ports: readonly PortRange[];
  runbook?: number | undefined;
}

export function onlyNumbersMoved(
  repository: Repository,
  plan: { manifest: Manifest; held: Held; now: Date; intent: Intent },
  seen: SeenNumbers & { digest: string },
): boolean {
  const { manifest, held, now, intent } = plan;
  const { runbook = Infinity } = seen;
  const asSeen: Held = {
    ports: held.ports.filter(({ range }) => !seen.ports.some((one) => overlaps(one, range))),
    // The next number is the one after the highest: whoever has a higher one came later.
    runbookNumbers: held.runbookNumbers.filter((number) => number < runbook),
  };
  return planUnchecked(repository, manifest, asSeen, now, intent).plan.digest === seen.digest;
}
