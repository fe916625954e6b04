/** Which dynamic file takes the route: the one that the profile names, one of a folder's that holds the routes of a domain, or a new one. */
import { baseName } from '../../detect/guess';
import { dynamicPaths, isDynamicFolder, type TraefikFile } from '../../observe/traefik-file';
import type { EmitContext } from '../../types';
import type { RouteNames } from './names';

export type Target =
  | { kind: 'file'; path: string }
  /** `model` is the sibling that the new file is made to look like, where there is one. */
  | { kind: 'new'; path: string; model?: string };

/** @param files the dynamic files that can be read. */
export function targetOf(context: EmitContext, files: readonly TraefikFile[], names: RouteNames): Target | undefined {
  const { manifest, profile, tree } = context;
  const dynamic = profile.traefik?.dynamic;
  if (dynamic === undefined) return undefined;
  if (!isDynamicFolder(tree, profile)) return { kind: 'file', path: dynamic };
  const ours = files.find(
    (file) =>
      file.routers.some((router) => [names.router, names.twin].includes(router.name)) ||
      file.services.some((service) => service.name === names.service),
  );
  if (ours) return { kind: 'file', path: ours.path };
  const domain = (manifest.routing?.host ?? '').replace(/^[^.]+/, '');
  const routing = files.filter((file) => file.routers.length > 0);
  const nearest = [...routing].sort((a, b) => inDomain(b, domain) - inDomain(a, domain)).at(0);
  // A file with routes to three services and more is a domain's or a stack's, and not one service's own.
  if (nearest && inDomain(nearest, domain) > 2 && routing.filter(isShared).length * 2 > routing.length)
    return { kind: 'file', path: nearest.path };
  const extensions = dynamicPaths(tree, profile).map((path) => /\.[^.]+$/.exec(baseName(path))?.[0] ?? '.yml');
  const extension = extensions.filter((one) => one === '.yaml').length * 2 > extensions.length ? '.yaml' : '.yml';
  const path = `${dynamic.replace(/\/+$/, '')}/${manifest.name}${extension}`;
  return { kind: 'new', path, ...(nearest ? { model: nearest.path } : {}) };
}

function isShared(file: TraefikFile): boolean {
  return new Set(file.routers.map((router) => router.service)).size > 2;
}

function inDomain(file: TraefikFile, domain: string): number {
  return file.routers.filter((router) => router.targets.some((target) => target.host.endsWith(domain))).length;
}
