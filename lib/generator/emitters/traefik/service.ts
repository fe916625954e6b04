/** The Traefik service: where requests go, over TLS where the backend wants it, at once where it sends streams. */
import { isMap } from 'yaml';
import type { TraefikFile } from '../../observe/traefik-file';
import type { EmitContext } from '../../types';
import { keyText } from '../../yaml/locate';
import type { YamlValue } from '../../yaml/render';
import { backendOf } from './backend';
import { childOf, textIn, type Model } from './model';
import type { RouteNames } from './names';

/** The service, its keys in its neighbour's order. */
export function writeService(context: EmitContext, file: TraefikFile, names: RouteNames, model: Model): YamlValue {
  const fields: Record<string, YamlValue> = {
    ...(context.manifest.security.mtls ? { serversTransport: names.transport } : {}),
    servers: [{ url: textIn(model.style, 'url', backendOf(context)) }],
  };
  if (context.manifest.routing?.sse === true) {
    const intervals = file.services.flatMap((service) => service.flushInterval ?? []);
    // Negative: pass every write on at once.
    const flushInterval = intervals.find((interval) => interval.startsWith('-')) ?? '-1ms';
    fields['responseForwarding'] = { flushInterval };
  }
  const balancer = childOf(model.node, 'loadBalancer');
  const order = isMap(balancer) ? balancer.items.map((pair) => keyText(pair.key)) : [];
  // With a neighbour that has both, its order counts.
  const keys = Object.keys(fields);
  const sorted = keys.every((key) => order.includes(key)) ? order.filter((key) => keys.includes(key)) : keys;
  return { loadBalancer: Object.fromEntries(sorted.map((key) => [key, fields[key] ?? null])) };
}
