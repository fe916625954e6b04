/** Where Traefik reaches a service: a published port of the Docker host, or the container by its name. */
import { containerNameOf } from '../../container-name';
import type { EmitContext } from '../../types';
import { routedPort } from '../routed-port';

/** The backend's address. A service with mTLS listens on TLS (RUNBOOK-024, section 4). */
export function backendOf(context: EmitContext): string {
  const { manifest, profile } = context;
  const port = routedPort(context)?.port;
  const scheme = manifest.security.mtls ? 'https' : 'http';
  if (profile.traefik?.backend === 'container')
    return `${scheme}://${containerNameOf(context)}:${port?.internal.from ?? 80}`;
  const external = port?.external;
  return `${scheme}://${profile.traefik?.dockerHost ?? 'host.docker.internal'}:${external === undefined || external === 'none' ? 80 : external.from}`;
}
