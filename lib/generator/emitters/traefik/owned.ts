/** The service's routers, its service and its transport in Traefik's dynamic files, as they stand now. */
import { isDynamicFolder, readTraefikFiles, type TraefikFile } from '../../observe/traefik-file';
import { readYaml } from '../../observe/read-yaml';
import type { EmitContext, Finding, OwnedPart, Ownership } from '../../types';
import { asRecord } from '../../yaml/read';
import { sections, type Section } from './entries';
import { namesAfter } from './names';

export function owned(context: EmitContext): Ownership {
  const { profile, tree } = context;
  if (!profile.traefik) return { parts: [] };
  const files = readTraefikFiles(tree, profile);
  const found = files.map((file) => ({ file, ...ownedIn(context, file, files) }));
  return {
    parts: found.flatMap(({ file, names }): OwnedPart[] =>
      isDynamicFolder(tree, profile) && isAllOurs(context, file, names)
        ? [{ kind: 'file', path: file.path }]
        : sections.flatMap((section) =>
            names[section].map((name) => ({ kind: 'yaml' as const, path: file.path, at: ['http', section, name] })),
          ),
    ),
    kept: found.flatMap((one) => one.kept),
  };
}

type OwnedNames = Record<Section, string[]>;

/** What in a file is the service's by its names. A twin counts where it leads to the service: another one may be called so. */
function ownedIn(
  { manifest, profile }: EmitContext,
  file: TraefikFile,
  files: readonly TraefikFile[],
): { names: OwnedNames; kept: Finding[] } {
  const called = [...new Set([manifest.name, manifest.workload ?? manifest.name])].map((base) =>
    namesAfter(base, profile.traefik),
  );
  const has = (key: keyof (typeof called)[number], name: string): boolean => called.some((one) => one[key] === name);
  const isOurs = (router: TraefikFile['routers'][number]): boolean =>
    has('router', router.name) ||
    (profile.traefik?.twin !== undefined && has('twin', router.name) && has('service', router.service ?? ''));
  const kept: Finding[] = [];
  const keep = (what: string, one: { name: string; path: string; line: number }, user: string): boolean => {
    kept.push({
      kind: 'kept',
      path: one.path,
      line: one.line,
      message: `The ${what} ${one.name} stays: ${user} leads to it.`,
    });
    return false;
  };
  const services = file.services.filter((service) => {
    if (!has('service', service.name)) return false;
    const user = files.flatMap((one) => one.routers).find((one) => one.service === service.name && !isOurs(one));
    return !user || keep('backend', service, `the router ${user.name} (${user.path}:${user.line})`);
  });
  const transports = file.transports.filter((transport) => {
    if (!has('transport', transport.name)) return false;
    const user = files
      .flatMap((one) => one.services)
      .find((one) => one.serversTransport === transport.name && !has('service', one.name));
    return !user || keep('transport', transport, `the service ${user.name} (${user.path}:${user.line})`);
  });
  return {
    names: {
      routers: file.routers.filter(isOurs).map((one) => one.name),
      services: services.map((one) => one.name),
      serversTransports: transports.map((one) => one.name),
    },
    kept,
  };
}

/** Whether a file of the folder holds nothing but the service's route. */
function isAllOurs({ tree }: EmitContext, file: TraefikFile, names: OwnedNames): boolean {
  const root = asRecord(readYaml(tree, file.path)?.toJs()) ?? {};
  const http = asRecord(root['http']) ?? {};
  const entries = Object.entries(http).flatMap(([section, value]) =>
    Object.keys(asRecord(value) ?? {}).map((name) => ({ section, name })),
  );
  return (
    Object.keys(root).length === 1 &&
    entries.length > 0 &&
    entries.every(({ section, name }) => sections.some((one) => one === section && names[one].includes(name)))
  );
}
