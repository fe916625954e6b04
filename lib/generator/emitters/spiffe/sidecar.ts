/** The SPIFFE helper beside the agent: a sidecar that fetches a service's certificates into a volume that both mount (RUNBOOK-024, section 3). */
import { readComposeFile, type ComposeFile, type ComposeService } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import { spiffeNamesOf, type SpiffeNames } from '../../naming';
import type { Conflict, EmitContext, Emission, Emitter, FollowUp, Refusal } from '../../types';
import { bannerBefore } from '../../yaml/gap';
import { insertMapEntry, toEdits } from '../../yaml/insert';
import { nodeAt, placeAt, type Entry } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { renderEntry, type YamlValue } from '../../yaml/render';
import { blankLinesBetween, defaultStyle, learnStyle } from '../../yaml/style';
import { certsVolumeOf } from '../compose/certs-volume';
import { insertDeclarations, usualDeclaration } from '../compose/declarations';
import { chooseTargets, declares, projectServices, readProject } from '../compose/target';
import { configPathOf, isHelper, otherHelpers } from './helpers';
import { mountsOf, parentOf } from './mounts';
import { ownedSidecars } from './owned';
import { blockFromAgent, blockLikeSiblings } from './sidecar-block';

export const spiffeSidecarEmitter: Emitter = {
  name: 'spiffe-helper',
  commit: 'runtime',
  applies: ({ manifest, profile }) =>
    manifest.security.mtls && profile.spiffe !== undefined && manifest.runtime.compose !== undefined,
  emit,
  owned: ownedSidecars,
};

function emit(context: EmitContext): Emission {
  const names = spiffeNamesOf(context.manifest, context.profile);
  if (!names) return { edits: [] };
  const paths = chooseTargets(context).targets.map(({ path }) => path);
  const served = paths.filter((path) => hasOwnHelper(context, names, path));
  const certs = paths
    .filter((path) => !served.includes(path))
    .map((path) => ({ path, volume: certsVolumeOf(context, path) }));
  const without = certs.find(({ volume }) => volume?.agentFile === undefined);
  if (without) return { edits: [], refusals: [noAgent(context, names, without.path)] };
  const files = [...new Set(certs.flatMap(({ volume }) => volume?.agentFile ?? []))];
  const elsewhere = helperElsewhere(context, names, [...files, ...served]);
  if (elsewhere) return { edits: [], conflicts: [elsewhere] };
  const emissions = files.map((path) => emitInto(context, names, path));
  const collect = <Key extends 'conflicts' | 'refusals' | 'followUps'>(key: Key) =>
    emissions.flatMap((one) => (one[key] ?? []) as NonNullable<Emission[Key]>[number][]);
  const [conflicts, refusals] = [collect('conflicts'), collect('refusals')];
  if (conflicts.length + refusals.length > 0) return { edits: [], conflicts, refusals };
  return { edits: emissions.flatMap((one) => one.edits), followUps: collect('followUps') };
}

function emitInto(context: EmitContext, names: SpiffeNames, path: string): Emission {
  const { profile, tree } = context;
  const parsed = parseYaml(tree.read(path) ?? '', path);
  if (!parsed.ok) return { edits: [], refusals: [{ ...parsed.refusal, paste: pasteOf(usualBlock(context, names)) }] };
  const { yaml } = parsed;
  const file = readComposeFile(yaml);
  const project = readProject(context, file);
  const agent = projectServices(project).find((service) => service.name === profile.spiffe?.agent);
  if (!agent) return { edits: [], refusals: [noAgent(context, names, path)] };

  const existing = file.services.find((service) => service.name === names.helper);
  const volume = declares(project, 'volumes', names.certsVolume)
    ? []
    : [
        {
          section: 'volumes' as const,
          file,
          name: names.certsVolume,
          value: usualDeclaration(file.volumes, names.certsVolume),
        },
      ];
  const declared = insertDeclarations(context, yaml, volume);
  const volumeEdits = [...declared.splices].flatMap(([place, splices]) => toEdits(place, splices));
  if (existing) {
    if (isFor(context, names, path, existing)) return { edits: volumeEdits, refusals: declared.refusals };
    return { edits: [], conflicts: [otherHelper(names, path, existing.line)] };
  }
  const taken = containerTaken(context, names, file);
  if (taken) return { edits: [], conflicts: [taken] };

  const helpers = otherHelpers(context, names.helper);
  const siblings = helpers.filter((helper) => helper.path === path);
  const input = { context, names, yaml, file, agent };
  const block = blockLikeSiblings(input, siblings) ?? blockFromAgent(input, [...siblings, ...helpers]);
  if (!block) return { edits: [], refusals: [noSocket(context, names, path, agent.line)] };
  const place = placeAt(yaml, ['services']);
  const entries = place.kind === 'map' ? place.entries : [];
  const after = neighbourFor(context, yaml, file, entries);
  const near = nodeAt(yaml, ['services', siblings.at(-1)?.name ?? after ?? '']);
  const result = insertMapEntry(yaml, ['services'], names.helper, block, {
    style: learnStyle(yaml, near ? [near] : []),
    blankLines: blankLinesBetween(yaml, entries) ?? 1,
    ...(after === undefined ? {} : { after }),
  });
  const refusals = [...(result.ok ? [] : [result.refusal]), ...declared.refusals];
  if (!result.ok || refusals.length > 0) return { edits: [], refusals };
  const own = declared.splices.get(path) ?? [];
  const others = [...declared.splices].filter(([place]) => place !== path);
  return {
    edits: [
      ...toEdits(path, [result.splice, ...own]),
      ...others.flatMap(([place, splices]) => toEdits(place, splices)),
    ],
    followUps: [startStep(context, names, path)],
  };
}

/** Whether the helper stands beside its service already, without the agent: as some platforms had it before they gave the agent a project. */
function hasOwnHelper(context: EmitContext, names: SpiffeNames, path: string): boolean {
  const place = readComposeFiles(context.tree, context.profile).find((one) => one.path === path);
  const helper = place?.file.services.find((service) => service.name === names.helper);
  return helper !== undefined && isFor(context, names, path, helper);
}

function isFor({ profile }: EmitContext, names: SpiffeNames, path: string, helper: ComposeService): boolean {
  return (
    configPathOf(helper, path, profile) === names.configPath &&
    mountsOf(helper).some((mount) => mount.source === names.certsVolume)
  );
}

/** Behind the last of the longest run of helpers; where each stands by its own service, behind the service; else behind the agent. */
function neighbourFor(
  { manifest, profile }: EmitContext,
  yaml: ParsedYaml,
  file: ComposeFile,
  entries: readonly Entry[],
): string | undefined {
  let best: { key: string; length: number } | undefined;
  let length = 0;
  entries.forEach((entry, index) => {
    const service = file.services.find((one) => one.name === entry.key);
    const before = entries[index - 1];
    const banner = before === undefined ? undefined : bannerBefore(yaml.text, entry, before.end);
    length = service && isHelper(service, profile) ? (banner === undefined ? length + 1 : 1) : 0;
    if (length > 0 && (!best || length >= best.length)) best = { key: String(entry.key), length };
  });
  if (best && best.length > 1) return best.key;
  const known = new Set(entries.map((entry) => String(entry.key)));
  return [manifest.name, best?.key, profile.spiffe?.agent].find((name) => name !== undefined && known.has(name));
}

/** A helper of this name in another project: SPIRE would know two containers by one label. Root and stacks are alternatives. */
function helperElsewhere(
  { manifest, profile, tree }: EmitContext,
  names: SpiffeNames,
  files: readonly string[],
): Conflict | undefined {
  const skipped = manifest.runtime.compose?.alsoInRoot ? undefined : profile.compose?.root;
  for (const { path, file } of readComposeFiles(tree, profile)) {
    if (files.includes(path) || path === skipped) continue;
    const service = file.services.find((one) => one.name === names.helper);
    if (service) return otherHelper(names, path, service.line);
  }
  return undefined;
}

function otherHelper(names: SpiffeNames, path: string, line: number): Conflict {
  return {
    kind: 'name',
    field: 'workload',
    path,
    line,
    owner: names.helper,
    message: `There is a helper ${names.helper} already (${path}:${line}), and it is not the one that this service needs. Choose another short name (workload); if it is this service’s own helper, plan it with --action change.`,
  };
}

function containerTaken({ profile, tree }: EmitContext, names: SpiffeNames, own: ComposeFile): Conflict | undefined {
  const container = `${profile.naming.containerPrefix}${names.helper}`;
  for (const { path, file } of readComposeFiles(tree, profile)) {
    const owner = file.services.find((one) => one.containerName === container);
    if (!owner || (owner.name === names.helper && path !== own.path)) continue;
    const message = `The container name ${container} belongs to ${owner.name} (${path}:${owner.line}). Choose another short name (workload).`;
    return { kind: 'container', field: 'workload', path, line: owner.line, owner: owner.name, message };
  }
  return undefined;
}

function noAgent(context: EmitContext, names: SpiffeNames, path: string): Refusal {
  const agent = context.profile.spiffe?.agent ?? '';
  return {
    path,
    reason: `No Compose file has the SPIRE agent (a service ${agent}), so there is no project for the helper. Add the agent, or say its name in the profile (spiffe.agent); then paste this beside it.`,
    paste: pasteOf(usualBlock(context, names)),
  };
}

function noSocket(context: EmitContext, names: SpiffeNames, path: string, line: number): Refusal {
  const folder = parentOf(context.profile.spiffe?.socketPath ?? '');
  return {
    path,
    line,
    reason: `The agent mounts nothing at ${folder}, so its socket cannot be shared with a helper. Mount a volume there, then paste this.`,
    paste: pasteOf(usualBlock(context, names)),
  };
}

/** RUNBOOK-024's helper, for pasting where no file shows how one looks. */
function usualBlock({ profile }: EmitContext, names: SpiffeNames): Record<string, Record<string, YamlValue>> {
  const namespace = profile.naming.labelNamespace;
  const { spiffe } = profile;
  return {
    [names.helper]: {
      image: spiffe?.helperImage ?? '',
      container_name: `${profile.naming.containerPrefix}${names.helper}`,
      user: '0:0',
      pid: 'host',
      command: ['-config', '/etc/spiffe-helper/helper.conf'],
      restart: profile.compose?.restart ?? 'unless-stopped',
      ...(namespace === undefined ? {} : { labels: { [`${namespace}.workload`]: names.helper } }),
      volumes: [
        `./${names.configPath}:/etc/spiffe-helper/helper.conf:ro`,
        `${names.certsVolume}:${spiffe?.certsPath ?? ''}`,
        `spire_agent_socket:${parentOf(spiffe?.socketPath ?? '')}:ro`,
      ],
      depends_on: [spiffe?.agent ?? ''],
    },
  };
}

function pasteOf(blocks: Record<string, YamlValue>): { under: string; text: string } {
  const lines = Object.entries(blocks).flatMap(([name, block]) => renderEntry(name, block, 2, defaultStyle));
  return { under: 'services', text: `${lines.join('\n')}\n` };
}

function startStep({ manifest, profile }: EmitContext, names: SpiffeNames, path: string): FollowUp {
  const command = profile.compose?.startCommand ?? 'docker compose -f {file} up -d {service}';
  return {
    phase: 'identity',
    key: `start-helper:${path}`,
    title: `Start ${names.helper}, before ${manifest.name}`,
    detail: `It writes the certificates that ${manifest.name} reads.`,
    command: command.replaceAll('{file}', path).replaceAll('{service}', names.helper),
  };
}
