/** The entries of a route that are not there yet, each as the neighbour that it will stand behind is written. */
import type { TraefikFile } from '../../observe/traefik-file';
import type { EmitContext } from '../../types';
import type { YamlValue } from '../../yaml/render';
import type { Model } from './model';
import type { RouteNames } from './names';
import { writeRouter, type WantedRouter } from './router';
import { writeService } from './service';
import { writeTransport } from './transport';

export const sections = ['routers', 'services', 'serversTransports'] as const;
export type Section = (typeof sections)[number];

export interface RouteEntry {
  section: Section;
  name: string;
  /** The host of a router, for the choice of its neighbour. */
  host?: string;
  write(model: Model): YamlValue;
}

/** @param wanted the routers with the priorities that they need. */
export function routeEntries(
  context: EmitContext,
  file: TraefikFile,
  names: RouteNames,
  wanted: readonly (WantedRouter & { priority: number | undefined })[],
): RouteEntry[] {
  const all: RouteEntry[] = wanted.map((router) => ({
    section: 'routers',
    name: router.name,
    host: router.routing.host,
    write: (model) => writeRouter(context, file, router, router.priority, model),
  }));
  all.push({ section: 'services', name: names.service, write: (model) => writeService(context, file, names, model) });
  if (context.manifest.security.mtls)
    all.push({
      section: 'serversTransports',
      name: names.transport,
      write: (model) => writeTransport(context, file, model),
    });
  const there: Record<Section, ReadonlySet<string>> = {
    routers: new Set(file.routers.map((one) => one.name)),
    services: new Set(file.services.map((one) => one.name)),
    serversTransports: new Set(file.transports.map((one) => one.name)),
  };
  return all.filter(({ section, name }) => !there[section].has(name));
}
