/**
 * A helper and the service that it helps fit together: SPIRE's selector is the helper's label, both mount one volume, the volume is declared once in
 * each project, the configuration is there and writes where the volume is, and the agent runs in the helper's project.
 */
import { certsFullName } from '../emitters/spiffe/volume-name';
import { observeHelpers, type SpiffeHelper } from '../emitters/spiffe/helpers';
import { mountsOf, parentOf } from '../emitters/spiffe/mounts';
import { mentions } from '../emitters/spiffe/rename';
import { readProject, projectServices, type ComposeProject } from '../emitters/compose/target';
import { hclValue, parseHcl } from '../hcl/parse';
import { spiffeNamesOf } from '../naming';
import { readComposeFiles, type ComposePlace } from '../observe/compose-files';
import type { ComposeFile } from '../observe/compose-file';
import { plural, verdict, type Check, type CheckInput } from './check';

type Place = ComposePlace & { file: ComposeFile };

export const spiffeConsistent: Check = {
  id: 'spiffe-consistent',
  name: 'SPIFFE helper and service fit together',
  run(input) {
    const { plan, profile, tree, after, manifest } = input;
    if (!profile.spiffe) return verdict([], 'The platform has no SPIFFE.');
    const key = (helper: SpiffeHelper) => `${helper.path} ${helper.name}`;
    const known = new Set(observeHelpers({ profile, tree }).map(key));
    const helpers = observeHelpers({ profile, tree: after });
    const added = helpers.filter((helper) => !known.has(key(helper)));
    const places = readComposeFiles(after, profile);
    const seen: string[] = [];
    const faults = added.flatMap((helper) => {
      seen.push(`${helper.path}:${helper.service.line}  ${helper.name} for ${helper.serves.join(', ')}`);
      return [
        ...configFaults(input, helper),
        ...projectFaults(input, places, helper),
        ...volumeFaults(input, places, helper),
        ...identityFaults(input, helpers, helper),
      ];
    });
    const names = spiffeNamesOf(manifest, profile);
    const runs = places.some(({ file }) => file.services.some((service) => service.name === manifest.name));
    if (plan.action !== 'remove' && names && runs && !helpers.some((helper) => helper.name === names.helper))
      faults.push(`${manifest.name} asks for mTLS, and no Compose file has its helper ${names.helper}.`);
    return verdict(
      faults,
      `${plural(added.length, 'helper')} added, each of one mind with its service and SPIRE.`,
      seen,
    );
  },
};

/** The configuration is there, and says the paths that are mounted. */
function configFaults({ profile, after }: CheckInput, helper: SpiffeHelper): string[] {
  const at = `${helper.path}:${helper.service.line}`;
  const { configPath } = helper;
  if (configPath === undefined)
    return [`${at}: ${helper.name} mounts no configuration from ${profile.spiffe?.helperConfigs ?? ''}.`];
  const text = after.read(configPath);
  if (text === undefined) return [`${at}: ${helper.name} mounts ${configPath}, which is not there.`];
  const parsed = parseHcl(text);
  if (!parsed.ok) return [];
  const mounts = mountsOf(helper.service);
  const missing = (key: string, of: (path: string) => string, accept: (source: string | undefined) => boolean) => {
    const value = hclValue(parsed.body, key);
    if (typeof value !== 'string' || value === '') return [];
    const folder = of(value.replace(/^unix:(?:\/\/)?/, ''));
    const inside = mounts.some(
      (mount) => accept(mount.source) && (folder === mount.target || folder.startsWith(`${mount.target}/`)),
    );
    return inside ? [] : [`${configPath}: ${key} is ${value}, and ${helper.name} mounts nothing for it there.`];
  };
  return [
    ...missing(
      'cert_dir',
      (path) => path,
      (source) => source === helper.volume,
    ),
    ...missing('agent_address', parentOf, () => true),
  ];
}

/** The agent is in the helper's project, and helpers here see the host's processes. */
function projectFaults({ profile, after }: CheckInput, places: readonly Place[], helper: SpiffeHelper): string[] {
  const place = places.find(({ path }) => path === helper.path);
  const agent = profile.spiffe?.agent ?? '';
  const at = `${helper.path}:${helper.service.line}`;
  const services = place ? projectServices(readProject({ tree: after }, place.file)) : [];
  const faults = services.some((service) => service.name === agent)
    ? []
    : [`${at}: ${helper.name} is not in the project of the agent ${agent}.`];
  const siblings = services.filter((service) => service.name !== helper.name && /helper/.test(service.name));
  if (siblings.some((one) => one.fields['pid'] === 'host') && helper.service.fields['pid'] !== 'host')
    faults.push(`${at}: ${helper.name} has no pid: host, so the agent cannot attest it.`);
  return faults;
}

/** Helper and service mount one volume, whatever projects they are in, and each project declares it once. */
function volumeFaults(
  { manifest, profile, after }: CheckInput,
  places: readonly Place[],
  helper: SpiffeHelper,
): string[] {
  const { volume } = helper;
  const at = `${helper.path}:${helper.service.line}`;
  if (volume === undefined) return [`${at}: ${helper.name} mounts no volume to write certificates to.`];
  const isOurs = helper.name === spiffeNamesOf(manifest, profile)?.helper;
  const mounting = places.filter(({ file }) =>
    file.services.some(
      (service) =>
        service.name !== helper.name &&
        (!isOurs || service.name === manifest.name) &&
        mountsOf(service).some((mount) => mount.source === volume),
    ),
  );
  if (mounting.length === 0)
    return [
      `${at}: ${helper.name} writes to the volume ${volume}, which ${isOurs ? manifest.name : 'no service'} ${isOurs ? 'does not mount' : 'mounts'}.`,
    ];
  const own = places.find(({ path }) => path === helper.path);
  const concerned = [...new Set([...(own ? [own] : []), ...mounting])];
  const faults: string[] = [];
  const fullNames = new Map<string, string>();
  for (const place of concerned) {
    const project: ComposeProject = readProject({ tree: after }, place.file);
    const declaring = [project.file, ...project.included].filter((file) => file.volumes.has(volume));
    const [first, second] = declaring;
    if (!first) faults.push(`${place.path}: the project does not declare the volume ${volume}.`);
    else if (second)
      faults.push(
        `${second.path} declares the volume ${volume}, and so does ${first.path} in one project: Compose refuses it.`,
      );
    else fullNames.set(place.path, certsFullName(project, volume));
  }
  const here = fullNames.get(helper.path);
  const alternatives = new Set([profile.compose?.root]);
  for (const [path, fullName] of fullNames) {
    const isAlternative = alternatives.has(path) !== alternatives.has(helper.path);
    if (here !== undefined && !isAlternative && fullName !== here)
      faults.push(
        `${path}: its volume ${volume} is ${fullName}, and ${helper.name} writes to ${here}: they are two volumes.`,
      );
  }
  return faults;
}

/** SPIRE knows the helper by its own label, and nobody else by the same. */
function identityFaults(
  { profile, after }: CheckInput,
  helpers: readonly SpiffeHelper[],
  helper: SpiffeHelper,
): string[] {
  const at = `${helper.path}:${helper.service.line}`;
  const label = helper.label ?? helper.name;
  const faults: string[] = [];
  const twin = helpers.find((other) => other.name !== helper.name && (other.label ?? other.name) === label);
  if (twin) faults.push(`${at}: ${helper.name} has the label ${label}, and so has ${twin.name} (${twin.path}).`);
  const path = profile.spiffe?.registration;
  const script = path === undefined ? undefined : after.read(path);
  if (path === undefined || script === undefined) return faults;
  const code = script
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n');
  if (!mentions(code, label))
    faults.push(`${path} registers nothing with the selector ${label}, which is the label of ${helper.name} (${at}).`);
  return faults;
}
