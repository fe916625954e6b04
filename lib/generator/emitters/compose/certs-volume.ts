/**
 * The volume that a service and its SPIFFE helper share. The helper runs in the project that has the agent; where the service runs in another
 * one, Compose would give each project a volume of its own, so both name the same external volume ("Why an owner would not merge it").
 */
import { mostCommon } from '../../detect/guess';
import { readComposeFile, type ComposeFile } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import { fillDefaults } from '../../observe/port-text';
import { readYaml } from '../../observe/read-yaml';
import { spiffeNamesOf } from '../../naming';
import type { EmitContext } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import type { YamlValue } from '../../yaml/render';
import { observeHelpers } from '../spiffe/helpers';
import { projectServices, readProject } from './target';

export interface CertsVolume {
  /** Its key under `volumes`, the same in the service's file and in the helper's. */
  name: string;
  /** The Compose file whose project runs the agent, the helper's own; undefined where no file in use has an agent. */
  agentFile?: string;
  /** Whether service and helper are in different projects. */
  crosses: boolean;
  /** What Docker calls it where it crosses projects: `gitlab-sre-security_mcp_gitlab_certs`. */
  fullName: string;
}

/**
 * The certificates volume of a service in one of its Compose files; undefined where it does not ask for mTLS or the platform has no SPIFFE.
 * @param servicePath the Compose file that the service's block stands in: root and stack are different projects.
 */
export function certsVolumeOf(context: EmitContext, servicePath: string): CertsVolume | undefined {
  const names = spiffeNamesOf(context.manifest, context.profile);
  if (!names) return undefined;
  const name = names.certsVolume;
  const agentFile = agentFileFor(context, servicePath);
  if (agentFile === undefined) return { name, crosses: false, fullName: name };
  const crosses = agentFile.path !== servicePath;
  const project = projectNameOf(agentFile);
  const prefix = prefixOfOthers(context, names.helper) ?? (project === undefined ? '' : `${project}_`);
  const fullName = crosses ? `${prefix}${name}` : name;
  return { name, agentFile: agentFile.path, crosses, fullName };
}

/** What stands under `volumes`: nothing where Compose is to create it, an external volume by its full name where it crosses projects. */
export function certsDeclaration(certs: CertsVolume): YamlValue {
  return certs.crosses ? { external: true, name: certs.fullName } : null;
}

/** What most other helpers' volumes that cross projects have in front of their names: people may have named them otherwise than Compose does. */
function prefixOfOthers({ profile, tree }: EmitContext, own: string): string | undefined {
  const helpers = observeHelpers({ profile, tree }).filter((helper) => helper.name !== own);
  const volumes = new Set(helpers.flatMap((helper) => helper.volume ?? []));
  const declared = readComposeFiles(tree, profile).flatMap(({ file }) => [...file.volumes]);
  return mostCommon(
    declared.flatMap(([key, value]) => {
      const { external, name } = asRecord(value) ?? {};
      const fullName = asText(name);
      return volumes.has(key) && external === true && fullName?.endsWith(key) ? [fullName.slice(0, -key.length)] : [];
    }),
  )?.value;
}

/** The service's own file where its project has the agent, else the first other one in use that has it, stacks before the root. */
function agentFileFor(context: EmitContext, servicePath: string): ComposeFile | undefined {
  const { profile, tree } = context;
  const agent = profile.spiffe?.agent;
  const has = (file: ComposeFile) =>
    projectServices(readProject(context, file)).some((service) => service.name === agent);
  const yaml = readYaml(tree, servicePath);
  const own = yaml && readComposeFile(yaml);
  if (own && has(own)) return own;
  return readComposeFiles(tree, profile).find((place) => place.file.services.some((service) => service.name === agent))
    ?.file;
}

/**
 * The name of a Compose project as Docker prefixes its volumes with it: what the file says, else its folder's name as Compose writes it.
 * @returns undefined for a file at the repository's root without a name: the checkout's folder is anybody's.
 */
export function projectNameOf(file: Pick<ComposeFile, 'path' | 'projectName'>): string | undefined {
  const folder = file.path.split('/').at(-2) ?? '';
  const name = (file.projectName === undefined ? folder : fillDefaults(file.projectName))
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  return name === '' ? undefined : name;
}
