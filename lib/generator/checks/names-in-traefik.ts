/** What the routes have to say of the service: every host, the backend's port, and https where it asks for mTLS. Part of names-agree. */
import { routedPort } from '../emitters/routed-port';
import { twinRouting } from '../emitters/traefik/twin';
import { readComposeFiles } from '../observe/compose-files';
import { observeHosts } from '../observe/hosts';
import { servicesFileOf } from '../operations';
import type { ResolvedPort } from '../types';
import { addedToTraefik, type AddedTraefik } from './added';
import type { CheckInput } from './check';
import type { Comparison } from './names-agree';

/** The comparisons for the dynamic files, or for the labels of the container. */
export function inTraefik(input: CheckInput): Comparison[] {
  const { manifest, profile, after } = input;
  const { routing } = manifest;
  // A service of Kubernetes alone gets its host from its chart's ingress.
  if (!routing || !profile.traefik || !manifest.runtime.compose) return [];
  const added = addedToTraefik(input);
  const path = profile.traefik.labels ? servicesFileOf(manifest, profile) : (added?.path ?? profile.traefik.dynamic);
  if (path === undefined) return [];
  const answered = new Set(observeHosts(after, profile).map((one) => one.host));
  const twin = twinRouting({ manifest, profile });
  const hosts = [routing, ...(twin ? [twin] : [])].flatMap(({ host, aliases }) => [host, ...aliases]);
  const port = routedPort({ manifest })?.port;
  const backends = profile.traefik.labels ? inLabels(input, path, port) : inServices(input, path, added, port);
  return [
    ...hosts.map((host) => ({ path, what: `a router answers on ${host}`, holds: answered.has(host) })),
    ...backends,
  ];
}

/** The Traefik services that the change adds. */
function inServices(
  { manifest, profile }: CheckInput,
  path: string,
  added: AddedTraefik | undefined,
  port: ResolvedPort | undefined,
): Comparison[] {
  const services = added?.services ?? [];
  const urls = services.flatMap((service) => service.urls);
  if (!port || urls.length === 0) return [];
  const published = profile.traefik?.backend === 'docker-host' && port.external !== 'none' ? port.external : undefined;
  const number = (published ?? port.internal).from;
  return [
    {
      path,
      what: `the backend is at port ${number}`,
      holds: urls.every((url) => new RegExp(`:${number}(/|$)`).test(url)),
    },
    ...(manifest.security.mtls
      ? [
          {
            path,
            what: 'the backend of a service with mTLS is at https://',
            holds: urls.every((url) => url.startsWith('https://')),
          },
          {
            path,
            what: 'a transport shows Traefik’s certificate to the service',
            holds: services.every((service) => service.serversTransport !== undefined),
          },
        ]
      : []),
  ];
}

/** The labels of the service's container. */
function inLabels(
  { manifest, profile, after }: CheckInput,
  path: string,
  port: ResolvedPort | undefined,
): Comparison[] {
  const file = readComposeFiles(after, profile).find((one) => one.path === path)?.file;
  const labels = Object.entries(file?.services.find((one) => one.name === manifest.name)?.labels ?? {});
  const said = (key: string): string[] =>
    labels.flatMap(([name, value]) =>
      new RegExp(`^traefik\\.http\\.services\\.[^.]+\\.loadbalancer\\.${key}$`, 'i').test(name) ? [value] : [],
    );
  const ports = said('server\\.port');
  if (!port || ports.length === 0) return [];
  const number = String(port.internal.from);
  return [
    { path, what: `its labels lead to port ${number}`, holds: ports.every((one) => one === number) },
    ...(manifest.security.mtls
      ? [
          {
            path,
            what: 'its labels name https and the transport that shows Traefik’s certificate',
            holds: said('server\\.scheme').join() === 'https' && said('serverstransport').length === 1,
          },
        ]
      : []),
  ];
}
