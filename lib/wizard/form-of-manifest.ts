/** From a spec to the form: where a change begins. The inverse of completeDraft for everything that a spec can say. Pure. */
import type { Manifest } from '@/lib/services/manifest';
import { formatPortRange, type PortRange } from '@/lib/services/port-range';
import { formOf, type DraftForm } from './draft-form';

/** The form as somebody would have filled it in for this spec. */
export function formOfManifest(manifest: Manifest): DraftForm {
  const { ports, messaging, runtime } = manifest;
  const policy = runtime.kubernetes?.networkPolicy;
  const peers = (side: 'from' | 'to') =>
    (policy?.[side] ?? []).map((peer) => ({ ...peer, ports: peer.ports.join(', ') }));
  return formOf(
    numbersAsText({
      ...manifest,
      ports: ports.map((port) => ({
        ...port,
        internal: formatPortRange(port.internal),
        external: externalText(port.external),
      })),
      runtime: {
        ...runtime,
        ...(runtime.kubernetes && policy
          ? { kubernetes: { ...runtime.kubernetes, networkPolicy: { from: peers('from'), to: peers('to') } } }
          : {}),
      },
      messaging: {
        ...messaging,
        queues: messaging.queues.map((queue) => ({ ...queue, topics: queue.topics.join(', ') })),
      },
    }),
  );
}

function externalText(external: PortRange | string): string {
  return typeof external === 'string' ? external : formatPortRange(external);
}

/** The form keeps numbers as they are typed. */
function numbersAsText(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(numbersAsText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numbersAsText(item)]));
}
