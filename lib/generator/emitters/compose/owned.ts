/** The service's blocks in Compose, and the volumes and networks that are declared for it alone, as they stand now. */
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import { includersOf, readComposeFiles, type ComposePlace } from '../../observe/compose-files';
import { readYaml } from '../../observe/read-yaml';
import type { Conflict, EmitContext, Finding, OwnedPart, Ownership } from '../../types';
import { lineAt } from '../../yaml/locate';
import { asList, asRecord, asText } from '../../yaml/read';
import { certsVolumeOf } from './certs-volume';
import { hasRemark, isNamedAfter } from './declared-for';
import { isExternal, missingVolumes, type Declaration, type Section } from './declarations';
import { toYamlValue } from './shared-nodes';
import { stopSteps, type Gone } from './steps';
import { includeOf } from './includes';
import {
  chooseTargets,
  mountSource,
  ownNames,
  projectAround,
  readProject,
  type ComposeProject,
  type ComposeTarget,
} from './target';

/** A file that the service stands in, and its project. */
interface Site {
  place: ComposePlace & { file: ComposeFile };
  service: ComposeService;
  project: ComposeProject;
}

/**
 * What of the service stands in Compose: where the spec puts it, and in root or stacks that hold the same container as an alternative. A service of
 * this name in another project is somebody else's and stays.
 */
export function owned(context: EmitContext): Ownership {
  const { manifest } = context;
  const { sites, others } = sitesOf(context);
  const parts: OwnedPart[] = [];
  const kept: Finding[] = others.map(({ place, service }) => ({
    kind: 'kept',
    path: place.path,
    line: service.line,
    message: `${place.path} has a service ${manifest.name} as well. It is another project's and stays.`,
  }));
  const gone: Gone[] = [];
  for (const site of sites) {
    const { path } = site.place;
    const whole = isOwnFile(context, site);
    parts.push(whole ? { kind: 'file', path } : { kind: 'yaml', path, at: ['services', manifest.name] });
    const from = whole ? targetOf(context, path)?.includedBy : undefined;
    const include = from === undefined ? undefined : includeOf(context, from, path);
    if (from !== undefined && include !== undefined) parts.push({ kind: 'yaml', path: from, at: ['include', include] });
    gone.push({ kind: 'service', file: site.place.file, service: site.service });
    for (const section of ['volumes', 'networks'] as const)
      for (const { file, name, value, user } of declaredFor(context, site, section)) {
        if (whole && section === 'networks' && file.path === path) continue;
        if (parts.some((part) => part.path === file.path && part.kind === 'yaml' && part.at[1] === name)) continue;
        if (user) {
          const line = lineOf(context, file.path, [section, name]);
          const message = `The ${section.slice(0, -1)} ${name} stays: ${user.service.name} (${user.path}) uses it too.`;
          kept.push({ kind: 'kept', path: file.path, ...line, message });
          continue;
        }
        if (!whole || file.path !== path) parts.push({ kind: 'yaml', path: file.path, at: [section, name] });
        if (section === 'volumes') gone.push({ kind: 'volume', file: site.place.file, name, value });
      }
  }
  const conflicts = sites.flatMap((site) => dependents(context, site));
  return { parts, kept, conflicts, followUps: stopSteps(context, gone) };
}

function sitesOf(context: EmitContext): { sites: Site[]; others: Site[] } {
  const { manifest, profile, tree } = context;
  const targets = new Set(chooseTargets(context).targets.map((target) => target.path));
  const all = readComposeFiles(tree, profile).flatMap((place): Site[] => {
    const service = place.file.services.find((one) => one.name === manifest.name);
    const project = projectAround(context, place.file, targetOf(context, place.path)?.includedBy);
    return service ? [{ place, service, project }] : [];
  });
  const own = all.filter((site) => targets.has(site.place.path));
  const isAlternative = (site: Site) =>
    site.place.role !== 'other' &&
    site.service.containerName !== undefined &&
    own.some((one) => one.service.containerName === site.service.containerName);
  const sites = all.filter((site) => own.includes(site) || isAlternative(site));
  return { sites, others: all.filter((site) => !sites.includes(site)) };
}

function targetOf(context: EmitContext, path: string): ComposeTarget | undefined {
  return chooseTargets(context).targets.find((one) => one.path === path);
}

/** A file that was made for the service and holds nobody else. */
function isOwnFile(context: EmitContext, { place }: Site): boolean {
  const target = targetOf(context, place.path);
  const own = ownNames(context);
  return target?.own === true && place.file.services.every((service) => own.has(service.name));
}

interface Declared {
  file: ComposeFile;
  name: string;
  value: unknown;
  /** Somebody else who uses it. */
  user?: { path: string; service: ComposeService };
}

/** The declarations that came with the service, in its file or in one that this includes. */
function declaredFor(context: EmitContext, site: Site, section: Section): Declared[] {
  const { manifest } = context;
  const certs = certsVolumeOf(context, site.place.path);
  const named = manifest.runtime.volumes.flatMap(({ source }) => (source.kind === 'volume' ? [source.name] : []));
  const names = section === 'volumes' ? [...named, ...(certs ? [certs.name] : [])] : site.service.networks;
  return [...new Set(names)].flatMap((name): Declared[] => {
    const { project } = site;
    const file = [project.file, ...project.included].find((one) => one[section].has(name));
    if (!file) return [];
    const value = file[section].get(name);
    const user = userOf(context, file.path, section, name);
    const declared = { file, name, value, ...(user ? { user } : {}) };
    const yaml = readYaml(context.tree, file.path);
    if (yaml && hasRemark(yaml, section, name)) return user ? [] : [declared];
    // What everybody joins or may mount is not the service's, unless it says so.
    if (section === 'networks' || !isNamedAfter(context, site.place.path, name))
      return user && section === 'volumes' ? [declared] : [];
    // What others create, only where it is just as it was put.
    if (isExternal(value) && (user || !isAsPut(written(context, site, name), file, value))) return [];
    return [declared];
  });
}

/** The volume that would be declared if neither this name nor the service were there. */
function written(context: EmitContext, site: Site, name: string): Declaration | undefined {
  const own = ownNames(context);
  const without = (file: ComposeFile): ComposeFile => ({
    ...file,
    services: file.services.filter((service) => !own.has(service.name)),
    volumes: new Map([...file.volumes].filter(([key]) => key !== name)),
  });
  const project = { file: without(site.project.file), included: site.project.included.map(without) };
  const declarations = missingVolumes(context, project, certsVolumeOf(context, site.place.path));
  return declarations.find((one) => one.name === name);
}

function isAsPut(put: Declaration | undefined, file: ComposeFile, value: unknown): boolean {
  return put?.file.path === file.path && sorted(put.value) === sorted(toYamlValue(value));
}

/** A small declaration as text, whatever the order of its keys. */
function sorted(value: unknown): string {
  const record = asRecord(value);
  return JSON.stringify(record ? Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)) : value);
}

/** Another service that uses a volume or a network, in a file that declares it or includes the one that does. */
function userOf(context: EmitContext, declaring: string, section: Section, name: string): Declared['user'] {
  const own = ownNames(context);
  for (const { path, file } of filesWith(context, declaring)) {
    const service = file.services.find(
      (one) =>
        !own.has(one.name) &&
        (section === 'networks'
          ? one.networks.includes(name)
          : (asList(one.fields['volumes']) ?? []).some((mount) => mountSource(mount) === name)),
    );
    if (service) return { path, service };
  }
  return undefined;
}

/** The files in use that are of one project with this one: itself, those that include it, and what else a stack of pieces includes. */
function filesWith(context: EmitContext, path: string): { path: string; file: ComposeFile }[] {
  const around = new Set([path, ...includersOf(context.tree, context.profile, path).map((file) => file.path)]);
  const includedBy = targetOf(context, path)?.includedBy;
  const places = readComposeFiles(context.tree, context.profile);
  const stack = places.find((place) => place.path === includedBy);
  for (const file of stack ? readProject(context, stack.file).included : []) around.add(file.path);
  return places.filter((place) => around.has(place.path));
}

/** Services of the same project that could not start without this one. */
function dependents(context: EmitContext, { place }: Site): Conflict[] {
  const { name } = context.manifest;
  const own = ownNames(context);
  return filesWith(context, place.path).flatMap(({ path, file }) =>
    file.services.flatMap((service): Conflict[] => {
      const how = own.has(service.name) ? undefined : relation(service, name);
      if (how === undefined) return [];
      const message = `${service.name} needs ${name} (${path}:${service.line}), and could not start without it. Take ${name} out of its ${how} first.`;
      return [{ kind: 'name', field: 'name', path, line: service.line, owner: service.name, message }];
    }),
  );
}

/** The key by which a service hangs on another one. */
function relation({ fields, dependsOn }: ComposeService, name: string): string | undefined {
  if (dependsOn.includes(name)) return 'depends_on';
  const names = (key: string) => (asList(fields[key]) ?? []).map((one) => asText(one)?.split(':')[0]);
  for (const key of ['links', 'volumes_from']) if (names(key).includes(name)) return key;
  for (const key of ['network_mode', 'pid', 'ipc']) if (fields[key] === `service:${name}`) return key;
  const extended = asRecord(fields['extends']);
  const isHere = extended?.['file'] === undefined && (asText(extended?.['service']) ?? fields['extends']) === name;
  return isHere ? 'extends' : undefined;
}

function lineOf({ tree }: EmitContext, path: string, at: string[]): { line: number } | object {
  const yaml = readYaml(tree, path);
  return yaml ? { line: lineAt(yaml, at) } : {};
}
