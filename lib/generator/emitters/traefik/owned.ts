/** The service's router and service in Traefik's dynamic files, as they stand now. */
import { readTraefikFiles } from '../../observe/traefik-file';
import type { EmitContext, Finding, OwnedPart, Ownership } from '../../types';

export function owned({ manifest, profile, tree }: EmitContext): Ownership {
  const { traefik } = profile;
  if (!traefik) return { parts: [] };
  const bases = [...new Set([manifest.name, manifest.workload ?? manifest.name])];
  const routers = new Set(bases.map((base) => `${base}${traefik.routerSuffix}`));
  const services = new Set(bases.map((base) => `${base}${traefik.serviceSuffix}`));
  const files = readTraefikFiles(tree, profile);
  const parts: OwnedPart[] = [];
  const kept: Finding[] = [];
  for (const file of files) {
    for (const router of file.routers)
      if (routers.has(router.name)) parts.push({ kind: 'yaml', path: file.path, at: ['http', 'routers', router.name] });
    for (const service of file.services) {
      if (!services.has(service.name)) continue;
      const user = files
        .flatMap((one) => one.routers.map((router) => ({ path: one.path, router })))
        .find(({ router }) => router.service === service.name && !routers.has(router.name));
      if (!user) parts.push({ kind: 'yaml', path: file.path, at: ['http', 'services', service.name] });
      else
        kept.push({
          kind: 'kept',
          path: file.path,
          line: service.line,
          message: `The backend ${service.name} stays: the router ${user.router.name} (${user.path}:${user.router.line}) leads to it.`,
        });
    }
  }
  return { parts, kept };
}
