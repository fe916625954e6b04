/** Which of a service's ports its host leads to. */
import type { EmitContext, ResolvedPort } from '../types';

/** The port that Traefik reaches: the one that the spec names, else the first TCP port. */
export function routedPort({
  manifest,
}: Pick<EmitContext, 'manifest'>): { port: ResolvedPort; index: number } | undefined {
  const ports = manifest.ports.map((port, index) => ({ port, index }));
  const named = manifest.routing?.port;
  return ports.find(({ port }) => (named === undefined ? port.protocol === 'tcp' : port.name === named));
}
