/** The block of a new helper: as its siblings in the file stand, with the workload's names in it; else as RUNBOOK-024 describes one. */
import { isMap, isSeq, type ParsedNode } from 'yaml';
import { joinPath, type ComposeFile, type ComposeService } from '../../observe/compose-file';
import type { SpiffeNames } from '../../naming';
import type { EmitContext } from '../../types';
import { keyText, nodeAt } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asText } from '../../yaml/read';
import { Flow, Quoted, type YamlValue } from '../../yaml/render';
import { relativePath } from '../compose/target';
import { workloadOf } from '../../naming';
import { copyNode } from './copy-node';
import { configPathOf, type SpiffeHelper } from './helpers';
import { isNamedVolume, mountsOf, parentOf, type Mount } from './mounts';
import { rename, type Renaming } from './rename';

export interface SidecarInput {
  context: EmitContext;
  names: SpiffeNames;
  yaml: ParsedYaml;
  file: ComposeFile;
  /** The agent's service in this project. */
  agent: ComposeService;
}

type Block = Record<string, YamlValue>;

/** What belongs to one helper alone and is no part of how helpers look here. */
const OWN_BUSINESS = new Set(['ports', 'expose', 'deploy', 'links', 'external_links', 'extends']);

/**
 * The block after the model of a sibling; undefined where no sibling of the file can be copied.
 * @param siblings helpers of this file, in its order.
 */
export function blockLikeSiblings(input: SidecarInput, siblings: readonly SpiffeHelper[]): Block | undefined {
  const shapes = siblings.flatMap((sibling) => {
    const node = nodeAt(input.yaml, ['services', sibling.name]);
    const block = isMap(node) && !node.flow ? copyBlock(input, sibling, node) : undefined;
    return block ? [{ block, shape: Object.keys(block).join(' ') }] : [];
  });
  const count = (shape: string) => shapes.filter((one) => one.shape === shape).length;
  // Of the most usual shape the last: it was written most recently.
  return shapes.reduce<(typeof shapes)[number] | undefined>(
    (best, one) => (best && count(best.shape) > count(one.shape) ? best : one),
    undefined,
  )?.block;
}

function copyBlock(input: SidecarInput, sibling: SpiffeHelper, node: ParsedNode): Block | undefined {
  if (!isMap(node)) return undefined;
  const { names } = input;
  const workload = workloadOf(input.context.manifest);
  const whole: Renaming = [
    [sibling.name, names.helper],
    [sibling.label ?? '', names.helper],
    [sibling.volume ?? '', names.certsVolume],
  ];
  const value = (text: string): string => {
    if (text === sibling.workload) return workload;
    if (sibling.serves.includes(text)) return input.context.manifest.name;
    return rename(containerText(text, sibling, input), whole);
  };
  const own = (text: string): string => {
    const label = /^([\w./-]+=)(.*)$/.exec(text);
    return label ? `${label[1] ?? ''}${value(label[2] ?? '')}` : value(text);
  };
  const block: Block = {};
  for (const pair of node.items) {
    const key = keyText(pair.key);
    if (OWN_BUSINESS.has(key)) continue;
    const copied =
      key === 'volumes'
        ? copyMounts(input, sibling, pair.value)
        : key === 'depends_on'
          ? copyWaits(input, pair.value)
          : key === 'networks'
            ? copyNetworks(pair.value)
            : copyNode(pair.value, own);
    if (copied === undefined) return undefined;
    if (copied === NOTHING) continue;
    block[key] = copied;
  }
  return isComplete(block) ? block : undefined;
}

/** A key that is left out. */
const NOTHING = new Flow([]);

/** A container's name ends with the helper's; the platform's prefix in front of it may differ from file to file. */
function containerText(text: string, sibling: SpiffeHelper, { names }: SidecarInput): string {
  const own = sibling.service.containerName;
  if (own === undefined || text !== own || !own.endsWith(sibling.name)) return text;
  return own.slice(0, own.length - sibling.name.length) + names.helper;
}

function copyMounts(input: SidecarInput, sibling: SpiffeHelper, node: ParsedNode | null): YamlValue | undefined {
  if (!isSeq(node) || node.flow === true) return undefined;
  const mounts = mountsOf(sibling.service);
  const items = node.items.map((item, index): YamlValue | undefined => {
    const mount = mounts.find((one) => one.index === index);
    const source = mount && sourceFor(input, sibling, mount);
    return copyNode(item, (text) => {
      if (source === undefined || mount?.source === undefined) return text;
      if (text === mount.source) return source;
      return text.startsWith(`${mount.source}:`) ? source + text.slice(mount.source.length) : text;
    });
  });
  const known = new Set(mounts.map((mount) => mount.source));
  return items.every((item) => item !== undefined) && known.has(sibling.volume) ? items : undefined;
}

/** What the new helper mounts where its sibling mounts its own configuration and certificates; undefined for what all share. */
function sourceFor(input: SidecarInput, sibling: SpiffeHelper, { source }: Mount): string | undefined {
  if (source === undefined) return undefined;
  if (source === sibling.volume) return input.names.certsVolume;
  const configs = [joinPath(sibling.path, source), joinPath('', source)];
  if (sibling.configPath !== undefined && configs.includes(sibling.configPath))
    return relativePath(input.context, input.file, input.names.configPath);
  return undefined;
}

/** Only the agent: another service that a sibling waits for is its own. */
function copyWaits({ agent }: SidecarInput, node: ParsedNode | null): YamlValue | undefined {
  const value = copyNode(node, (text) => text);
  if (Array.isArray(value)) {
    const kept = (value as YamlValue[]).filter((one) => (one instanceof Quoted ? one.text : one) === agent.name);
    return kept.length > 0 ? kept : NOTHING;
  }
  if (!isMap(node) || node.flow === true || typeof value !== 'object' || value === null) return value;
  const wait = (value as Block)[agent.name];
  return wait === undefined ? NOTHING : { [agent.name]: wait };
}

/** The same networks, without the fixed addresses and names that one container alone can have. */
function copyNetworks(node: ParsedNode | null): YamlValue | undefined {
  const value = copyNode(node, (text) => text);
  if (!isMap(node) || node.flow === true || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, null]));
}

function isComplete(block: Block): boolean {
  return block['volumes'] !== undefined && (block['image'] !== undefined || block['<<'] !== undefined);
}

/**
 * The block where the file has no helper to copy: image, user and command as helpers elsewhere have them, the rest as the agent's own block says it.
 * @returns undefined where the agent mounts no socket that a helper could share.
 */
export function blockFromAgent(input: SidecarInput, elsewhere: readonly SpiffeHelper[]): Block | undefined {
  const { context, names, yaml, file, agent } = input;
  const { profile } = context;
  const { spiffe } = profile;
  const socket = spiffe && mountsOf(agent).find((mount) => mount.target === parentOf(spiffe.socketPath));
  if (!spiffe || socket?.source === undefined) return undefined;
  const model = elsewhere.find((one) => configPathOf(one.service, one.path, profile) !== undefined);
  const field = (key: string): unknown => model?.service.fields[key];
  const config =
    model && mountsOf(model.service).find((mount) => joinPath(model.path, mount.source ?? '') === model.configPath);
  const target = config?.target ?? '/etc/spiffe-helper/helper.conf';
  const words = (key: string, usual?: readonly string[]): YamlValue | undefined => {
    const said = model ? asList(field(key)) : usual;
    return said && new Flow(said.map((word) => new Quoted(String(word))));
  };
  const entrypoint = words('entrypoint', ['/spiffe-helper', '-config', target]);
  const command = words('command');
  const socketSource = isNamedVolume(socket.source) ? socket.source : relativeToFile(input, socket.source, file);
  const node = (key: string): ParsedNode | null | undefined => {
    const block = nodeAt(yaml, ['services', agent.name]);
    return isMap(block) ? block.items.find((pair) => keyText(pair.key) === key)?.value : undefined;
  };
  const mine = (text: string) => ownLabel(text, agent, profile.naming.labelNamespace, names.helper);
  const written = copyNode(node('labels') ?? null, mine);
  // An agent of an included file is no text to copy.
  const labels = written ?? Object.fromEntries(Object.entries(agent.labels).map(([name, one]) => [name, mine(one)]));
  const networks = copyNetworks(node('networks') ?? null);
  const waits = agent.hasHealthCheck ? 'service_healthy' : 'service_started';
  return {
    image: asText(field('image')) ?? spiffe.helperImage,
    ...(agent.containerName === undefined && profile.naming.containerPrefix === ''
      ? {}
      : { container_name: `${profile.naming.containerPrefix}${names.helper}` }),
    user: new Quoted(asText(field('user')) ?? '0:0'),
    pid: 'host',
    ...(entrypoint ? { entrypoint } : {}),
    ...(command ? { command } : {}),
    restart: profile.compose?.restart ?? 'unless-stopped',
    ...(profile.naming.labelNamespace === undefined ? {} : { labels: withOwnWorkload(labels, agent, input) }),
    volumes: [
      `${relativePath(context, file, names.configPath)}:${target}:ro`,
      `${names.certsVolume}:${spiffe.certsPath}`,
      `${socketSource}:${socket.target}:ro`,
    ],
    depends_on: { [agent.name]: { condition: waits } },
    ...(networks === undefined || networks === null ? {} : { networks }),
  };
}

function relativeToFile({ context }: SidecarInput, source: string, file: ComposeFile): string {
  return source.startsWith('.') ? relativePath(context, file, joinPath(file.path, source)) : source;
}

/** The agent's label with the helper's name where it says the agent's: `ravenhelm.service=spire-agent`. */
function ownLabel(text: string, agent: ComposeService, namespace: string | undefined, helper: string): string {
  if (text === agent.name) return helper;
  const pair = /^([\w./-]+)=(.*)$/.exec(text);
  if (!pair) return text;
  if (pair[2] === agent.name || pair[1] === `${namespace}.workload`) return `${pair[1]}=${helper}`;
  return text;
}

/** The workload label is what SPIRE knows a helper by: it is there even where the agent has none. */
function withOwnWorkload(labels: YamlValue, agent: ComposeService, { context, names }: SidecarInput): YamlValue {
  const namespace = context.profile.naming.labelNamespace;
  if (namespace === undefined || labels instanceof Flow || typeof labels !== 'object' || labels === null) return labels;
  const key = `${namespace}.workload`;
  if (!Array.isArray(labels)) return { ...(labels as Block), [key]: names.helper };
  const items = labels as readonly YamlValue[];
  return key in agent.labels ? items : [...items, `${key}=${names.helper}`];
}
