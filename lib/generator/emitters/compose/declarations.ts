/** Declares the named volumes and networks of a service: in its own file, or in the included base where that owns them. Never twice. */
import type { ComposeFile } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import { sharedSegments, segments } from '../../observe/kinship';
import { readYaml } from '../../observe/read-yaml';
import type { EmitContext, FollowUp, Refusal } from '../../types';
import { bannerBefore } from '../../yaml/gap';
import { insertMapEntries, insertMapEntry, type InsertResult, type Splice } from '../../yaml/insert';
import { mapEntries, placeAt, type Entry } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import type { YamlValue } from '../../yaml/render';
import { blankLinesBetween, type Style } from '../../yaml/style';
import { certsDeclaration, projectNameOf, type CertsVolume } from './certs-volume';
import { isNamedAfter, withRemarks } from './declared-for';
import { chooseTargets, declares, mountSource, type ComposeProject } from './target';

export type Section = 'volumes' | 'networks';

/** One name to declare, where, and what a person does so that it exists. */
export interface Declaration {
  section: Section;
  file: ComposeFile;
  name: string;
  value: YamlValue;
  followUp?: FollowUp;
}

/** How a file declares what it owns: by the name alone, or as external under a full name that somebody creates. */
interface Manner {
  file: ComposeFile;
  declare(name: string): { value: YamlValue; fullName?: string };
}

/** The volumes of the spec and of its certificates, as far as the project does not declare them yet. */
export function missingVolumes(
  context: EmitContext,
  project: ComposeProject,
  certs: CertsVolume | undefined,
): Declaration[] {
  const named = context.manifest.runtime.volumes.flatMap(({ source }) =>
    source.kind === 'volume' ? [source.name] : [],
  );
  const plain = certs && !certs.crosses ? [...named, certs.name] : named;
  const missing = [...new Set(plain)].filter((name) => !declares(project, 'volumes', name));
  const manner = missing.length === 0 ? undefined : volumeManner(context, project);
  const own = missing.flatMap((name): Declaration[] => {
    if (!manner || (certs?.crosses && name === certs.name)) return [];
    const { value, fullName } = manner.declare(name);
    const followUp = fullName === undefined ? {} : { followUp: createStep('volume', fullName) };
    return [{ section: 'volumes', file: manner.file, name, value, ...followUp }];
  });
  if (!certs?.crosses || declares(project, 'volumes', certs.name)) return own;
  const file = project.included.find((one) => [...one.volumes.values()].some(isExternal)) ?? project.file;
  const followUp = {
    ...createStep('volume', certs.fullName),
    detail: `The SPIFFE helper writes the certificates there, from the project of ${certs.agentFile ?? 'the agent'}; ${context.manifest.name} reads them.`,
  };
  return [...own, { section: 'volumes', file, name: certs.name, value: certsDeclaration(certs), followUp }];
}

/**
 * The insertions for one file, by its path; what cannot be inserted as refusals.
 * @param style for blocks that are made anew where the file itself shows none.
 */
export function insertDeclarations(
  context: EmitContext,
  yaml: ParsedYaml,
  declarations: readonly Declaration[],
  style?: Style,
): { splices: Map<string, Splice[]>; refusals: Refusal[] } {
  const splices = new Map<string, Splice[]>();
  const refusals: Refusal[] = [];
  for (const section of ['networks', 'volumes'] as const)
    for (const file of new Set(declarations.map((one) => one.file))) {
      const wanted = declarations.filter((one) => one.file === file && one.section === section);
      const target = file.path === yaml.path ? yaml : readYaml(context.tree, file.path);
      if (!target || wanted.length === 0) continue;
      const foreign = wanted.filter(({ name }) => section === 'networks' || !isNamedAfter(context, yaml.path, name));
      // A file that is the service's own goes as a whole.
      const remarked = isOwnFile(context, file.path) ? [] : foreign.map(({ name }) => name);
      for (const result of insertInto(target, section, wanted, style)) {
        if (result.ok)
          splices.set(file.path, [...(splices.get(file.path) ?? []), withRemarks(context, result.splice, remarked)]);
        else refusals.push(result.refusal);
      }
    }
  return { splices, refusals };
}

function isOwnFile(context: EmitContext, path: string): boolean {
  return chooseTargets(context).targets.some((target) => target.own === true && target.path === path);
}

/** What a person runs so that an external volume or network exists. */
export function createStep(kind: 'volume' | 'network', fullName: string): FollowUp {
  return {
    phase: 'resources',
    key: `${kind}:${fullName}`,
    title: `Create the ${kind} ${fullName}`,
    command: `docker ${kind} create ${fullName}`,
  };
}

export function isExternal(value: unknown): boolean {
  const external = asRecord(value)?.['external'];
  return external === true || asRecord(external) !== undefined;
}

/**
 * The base owns the volumes where the file has none of its own and mounts some that the base declares: as its own, or as external ones that
 * are not another project's.
 */
function volumeManner(context: EmitContext, { file, included }: ComposeProject): Manner {
  const plain = (owner: ComposeFile): Manner => ({
    file: owner,
    declare: (name) => ({ value: usualDeclaration(owner.volumes, name) }),
  });
  if (file.volumes.size > 0) return plain(file);
  const mounted = new Set(
    file.services.flatMap((service) => (asList(service.fields['volumes']) ?? []).map(mountSource)),
  );
  const mountedFrom = (owner: ComposeFile, external: boolean) =>
    [...owner.volumes].filter(([name, value]) => mounted.has(name) && isExternal(value) === external);
  const owner = included.find((one) => mountedFrom(one, false).length > 0);
  if (owner) return plain(owner);
  const foreign = foreignPrefixes(context, file);
  for (const one of included) {
    const prefixes = mountedFrom(one, true).flatMap(([name, value]) => {
      const fullName = asText(asRecord(value)?.['name']) ?? name;
      const prefix = fullName.endsWith(name) ? fullName.slice(0, -name.length) : undefined;
      return prefix === undefined || foreign.has(prefix) ? [] : [prefix];
    });
    const [prefix] = prefixes;
    if (prefix !== undefined) return externalManner(one, prefix);
  }
  return plain(file);
}

function externalManner(file: ComposeFile, prefix: string): Manner {
  return {
    file,
    declare: (name) => ({
      value: externalAs(name, `${prefix}${name}`),
      fullName: `${prefix}${name}`,
    }),
  };
}

/** An external volume or network, with Docker's name for it where that is not the file's own. */
export function externalAs(name: string, fullName: string): YamlValue {
  return { external: true, ...(fullName === name ? {} : { name: fullName }) };
}

/** What Docker puts in front of the volumes of other projects. */
function foreignPrefixes({ profile, tree }: EmitContext, file: ComposeFile): Set<string> {
  return new Set(
    readComposeFiles(tree, profile).flatMap((place) => {
      const name = place.path === file.path ? undefined : projectNameOf(place.file);
      return name === undefined ? [] : [`${name}_`];
    }),
  );
}

/** As the file declares its own: by the name alone, with a driver, or with Docker's name repeated where that is how all of them are. */
export function usualDeclaration(declared: ReadonlyMap<string, unknown>, name: string): YamlValue {
  const own = [...declared].filter(([, value]) => !isExternal(value));
  const all = (key: string, wanted: (name: string) => string): boolean =>
    own.length > 0 &&
    own.every(([one, value]) => {
      const record = asRecord(value);
      return record !== undefined && Object.keys(record).length === 1 && record[key] === wanted(one);
    });
  if (all('driver', () => 'local')) return { driver: 'local' };
  if (all('driver', () => 'bridge')) return { driver: 'bridge' };
  return own.length > 1 && all('name', (one) => one) ? { name } : null;
}

function insertInto(
  yaml: ParsedYaml,
  section: Section,
  wanted: readonly Declaration[],
  style: Style | undefined,
): InsertResult[] {
  const additions = wanted.map(({ name, value }): [string, YamlValue] => [name, value]);
  const place = placeAt(yaml, [section]);
  if (place.kind === 'absent') {
    const root = placeAt(yaml, []);
    const blankLines = root.kind === 'map' ? (blankLinesBetween(yaml, mapEntries(yaml, root.node)) ?? 1) : 1;
    const options = { blankLines, ...(style ? { style } : {}) };
    return [insertMapEntry(yaml, [], section, Object.fromEntries(additions), options)];
  }
  if (place.kind !== 'map') return [insertMapEntries(yaml, [section], additions, style ? { style } : {})];
  const groups = new Map<string | undefined, [string, YamlValue][]>();
  for (const addition of additions) {
    const after = nearest(yaml, place.entries, addition[0]);
    groups.set(after, [...(groups.get(after) ?? []), addition]);
  }
  return [...groups].map(([after, group]) =>
    insertMapEntries(yaml, [section], group, after === undefined ? {} : { after }),
  );
}

/**
 * The name most like the new one: by its end (`_data`, `_certs`), then by its start; of equals the last in the group, from one banner to the next,
 * that has the most of them.
 */
function nearest(yaml: ParsedYaml, entries: readonly Entry[], name: string): string | undefined {
  const ending = segments(name).at(-1);
  const scores = entries.map(
    ({ key }) => (segments(String(key)).at(-1) === ending ? 9 : 0) + sharedSegments(String(key), name),
  );
  const most = Math.max(...scores);
  const groups = new Map<number, string[]>();
  let group = 0;
  entries.forEach((entry, index) => {
    if (bannerBefore(yaml.text, entry, entries[index - 1]?.end ?? entry.start) !== undefined) group = index;
    if (scores[index] === most) groups.set(group, [...(groups.get(group) ?? []), String(entry.key)]);
  });
  const [largest] = [...groups.values()].sort((one, other) => other.length - one.length);
  return largest?.at(-1);
}
