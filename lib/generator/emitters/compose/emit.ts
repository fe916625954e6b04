/** The service in Compose: one block beside its relatives, its volumes and networks declared where the project keeps them (RUNBOOK-024, section 3). */
import { whyUnread } from '../../observe/read-yaml';
import { readComposeFile } from '../../observe/compose-file';
import { profilePath } from '../../profile';
import type { EmitContext, Emission, Emitter, FileEdit, FollowUp, Refusal } from '../../types';
import { insertMapEntry, toEdits, type InsertResult, type Splice } from '../../yaml/insert';
import { lineBreak } from '../../yaml/lines';
import { mapEntries, nodeAt, placeAt } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { renderEntry } from '../../yaml/render';
import { blankLinesBetween, defaultStyle, learnStyle } from '../../yaml/style';
import { certsVolumeOf, type CertsVolume } from './certs-volume';
import { differences } from './compare';
import { contentOf, type ServiceContent } from './content';
import { insertDeclarations, missingVolumes, type Declaration } from './declarations';
import { learnHouseStyle, usualStyle, withoutAnchors, type HouseStyle } from './house-style';
import { modelFor, saysItsName, versionSaid, type Model } from './model';
import { includeLine } from './includes';
import { chooseNeighbour, type Companions } from './neighbour';
import { planNetworks } from './networks';
import { containerTaken, nameElsewhere, portsWithoutRegistry, unknownDependencies } from './obstacles';
import { owned } from './owned';
import { missingPaths, sameVolumeElsewhere, toolForHealth } from './remarks';
import { writeBlock } from './service-block';
import { secretSteps, startSteps } from './steps';
import { chooseTargets, ownNames, projectAround, type ComposeProject, type ComposeTarget } from './target';

export const composeEmitter: Emitter = {
  name: 'compose',
  commit: 'runtime',
  applies: ({ manifest, profile }) => profile.compose !== undefined && manifest.runtime.compose !== undefined,
  emit,
  owned,
};

/** One file's part of the emission: what goes where, and what the next file learns from it. */
interface Part extends Omit<Emission, 'edits'> {
  splices: Map<string, Splice[]>;
  declared: Declaration[];
  companions?: Companions;
  /** Whether the services of the file run in a swarm. */
  inSwarm?: boolean;
  /** The service's own file, where it is made. */
  created?: { path: string; text: string };
}

/** A file that takes the service, its project, and what is known of both. */
interface Site {
  context: EmitContext;
  target: ComposeTarget;
  targets: readonly ComposeTarget[];
  yaml: ParsedYaml;
  project: ComposeProject;
  certs: CertsVolume | undefined;
  /** The file whose hand the new text takes after, where the service's own has no services. */
  model: Model | undefined;
}

function emit(context: EmitContext): Emission {
  const { targets, conflicts } = chooseTargets(context);
  if (conflicts.length > 0) return { edits: [], conflicts };
  if (targets.length === 0) {
    const stacks = Object.keys(context.profile.compose?.stacks ?? {});
    const choice =
      stacks.length > 0 ? ` Name one of its stacks in the spec, as runtime.compose.stack: ${stacks.join(', ')}.` : '';
    const reason = `The profile names no Compose file that new services go to: neither a root, nor a stack for this category.${choice}`;
    return { edits: [], refusals: [{ path: profilePath, reason }] };
  }
  const parts: Part[] = [];
  for (const target of targets) {
    const declared = new Set(parts.flatMap((part) => part.declared).map(declarationKey));
    parts.push(emitInto(context, target, targets, declared, parts[0]?.companions));
  }
  return joined(context, targets, parts);
}

/** The parts as one emission; nothing is written anywhere where something stands in the way in one of the files. */
function joined(context: EmitContext, targets: readonly ComposeTarget[], parts: readonly Part[]): Emission {
  const all = <Key extends 'conflicts' | 'refusals' | 'findings' | 'followUps'>(key: Key) =>
    parts.flatMap((part): NonNullable<Part[Key]>[number][] => part[key] ?? []);
  const [conflicts, refusals, findings] = [all('conflicts'), all('refusals'), all('findings')];
  if (conflicts.length > 0 || refusals.length > 0) return { edits: [], conflicts, refusals, findings };
  const splices = new Map<string, Splice[]>();
  for (const part of parts)
    for (const [path, some] of part.splices) splices.set(path, [...(splices.get(path) ?? []), ...some]);
  const certs = certsVolumeOf(context, targets[0]?.path ?? '');
  const isNew = parts.some((part) => part.companions !== undefined);
  const followUps: FollowUp[] = [
    ...all('followUps'),
    ...(isNew ? [...secretSteps(context), ...startSteps(context, targets, certs, parts[0]?.inSwarm)] : []),
  ];
  const created = parts.flatMap(({ created: file }): FileEdit[] => (file ? [{ kind: 'create', ...file }] : []));
  return { edits: [...created, ...[...splices].flatMap(([path, some]) => toEdits(path, some))], findings, followUps };
}

function emitInto(
  context: EmitContext,
  target: ComposeTarget,
  targets: readonly ComposeTarget[],
  declared: ReadonlySet<string>,
  companions: Companions | undefined,
): Part {
  const refusing = (refusal: Refusal): Part => ({ splices: new Map(), declared: [], refusals: [refusal] });
  const isNew = target.own === true && !context.tree.paths.includes(target.path);
  const text = isNew ? '' : context.tree.read(target.path);
  if (text === undefined)
    return refusing(refusalFor(context, target, `The Compose file ${whyUnread(context.tree, target.path)}.`));
  const parsed = parseYaml(text, target.path);
  if (!parsed.ok) return refusing(refusalFor(context, target, parsed.refusal.reason, parsed.refusal.line));
  const { yaml } = parsed;
  const project = projectAround(context, readComposeFile(yaml), target.includedBy);
  const model = modelFor(context, project, target.includedBy);
  const site = { context, target, targets, yaml, project, certs: certsVolumeOf(context, target.path), model };
  const part = addTo(site, declared, companions);
  const included = withInclude(context, target, part);
  return isNew ? asNewFile(site, included) : included;
}

/** The line by which the file that includes the service's own finds it. */
function withInclude(context: EmitContext, target: ComposeTarget, part: Part): Part {
  const obstacles = [...(part.conflicts ?? []), ...(part.refusals ?? [])];
  const { includedBy } = target;
  const inserted = includedBy === undefined ? undefined : includeLine(context, includedBy, target.path);
  if (!inserted || includedBy === undefined || obstacles.length > 0) return part;
  if (!inserted.ok) return { ...part, refusals: [inserted.refusal] };
  const splices = new Map(part.splices);
  splices.set(includedBy, [...(splices.get(includedBy) ?? []), inserted.splice]);
  return { ...part, splices };
}

/** What was to be inserted into a file that is not there, as that file. */
function asNewFile({ context, target, model }: Site, { splices, ...part }: Part): Part {
  const own = splices.get(target.path) ?? [];
  if (own.length === 0) return { ...part, splices };
  const folder = target.path.split('/').at(-2) ?? '';
  const head = model && saysItsName(context, model) && folder !== '' ? [`name: ${folder}\n`] : [];
  const version = model && target.includedBy === undefined ? versionSaid(context, model) : undefined;
  const versions = version === undefined ? [] : [`version: ${version}\n`];
  const text = [...versions, ...head, ...own.map((splice) => splice.text)].join('\n');
  const newline = model ? lineBreak(context.tree.read([...model.paths][0] ?? '') ?? '', 0) : '\n';
  const others = new Map([...splices].filter(([path]) => path !== target.path));
  return { ...part, splices: others, created: { path: target.path, text: text.replaceAll('\n', newline) } };
}

function addTo(site: Site, declared: ReadonlySet<string>, companions: Companions | undefined): Part {
  const { context, target, targets, yaml, project, certs } = site;
  const { manifest } = context;
  const own = ownNames(context);
  const place = placeAt(yaml, ['services']);
  const entries = place.kind === 'map' ? place.entries : [];
  const neighbour = chooseNeighbour(context, yaml.text, project.file, entries, own, companions);
  const style = styleFor(site, neighbour?.name);
  const content = contentOf(context, project, style, certs);
  const networks = planNetworks(context, target, project, style.routed);
  const declarations = [...networks.declarations, ...missingVolumes(context, project, certs)].filter(
    (one) => !declared.has(declarationKey(one)),
  );

  const existing = project.file.services.find((service) => service.name === manifest.name);
  if (existing) {
    const differing = differences(existing, content);
    if (differing.length === 0) return declareOnly(site, declarations);
    const message = `There is a service ${manifest.name} already (${target.path}:${existing.line}), and its ${differing.join(', ')} ${differing.length === 1 ? 'differs' : 'differ'} from the spec. Choose another name; to change that service, plan it with --action change.`;
    const place = { path: target.path, line: existing.line };
    return {
      splices: new Map(),
      declared: [],
      conflicts: [{ kind: 'name', field: 'name', ...place, owner: manifest.name, message }],
    };
  }
  const conflicts = [
    ...nameElsewhere(context, targets),
    ...containerTaken(context, content.containerName),
    ...unknownDependencies(context, target, project),
    ...networks.conflicts,
    ...portsWithoutRegistry(context),
  ];
  const findings = [
    ...missingPaths(context),
    ...sameVolumeElsewhere(context, targets, project),
    ...toolForHealth(context, target, content),
  ];
  if (conflicts.length > 0 || networks.refusals.length > 0)
    return { splices: new Map(), declared: [], conflicts, refusals: networks.refusals, findings };
  const inserted = insertService(site, content, style, neighbour?.name);
  const part = declareOnly(site, declarations);
  if (inserted.ok) part.splices.set(target.path, [inserted.splice, ...(part.splices.get(target.path) ?? [])]);
  return {
    ...part,
    refusals: [...(inserted.ok ? [] : [inserted.refusal]), ...(part.refusals ?? [])],
    findings,
    inSwarm: style.habits.labelsUnderDeploy,
    companions: {
      neighbour: neighbour?.name ?? '',
      services: new Set(project.file.services.map((service) => service.name)),
    },
  };
}

function declareOnly({ context, yaml, model }: Site, declarations: readonly Declaration[]): Part {
  const { splices, refusals } = insertDeclarations(context, yaml, declarations, model && learnStyle(model.yaml));
  return {
    splices,
    refusals,
    declared: [...declarations],
    followUps: declarations.flatMap((one) => one.followUp ?? []),
  };
}

function insertService(
  { context, yaml, model }: Site,
  content: ServiceContent,
  style: HouseStyle,
  after: string | undefined,
): InsertResult {
  const { name } = context.manifest;
  const block = writeBlock(content, style, context);
  const place = placeAt(yaml, ['services']);
  if (place.kind === 'absent') {
    const root = placeAt(yaml, []);
    const blankLines = root.kind === 'map' ? (blankLinesBetween(yaml, mapEntries(yaml, root.node)) ?? 1) : 1;
    const style = learnStyle(model?.yaml ?? yaml);
    return insertMapEntry(yaml, [], 'services', { [name]: block }, { blankLines, style });
  }
  return insertMapEntry(yaml, ['services'], name, block, {
    style: model ? learnStyle(model.yaml) : learnStyle(yaml, [nodeAt(yaml, ['services', after ?? ''])]),
    blankLines: (place.kind === 'map' ? blankLinesBetween(yaml, place.entries) : undefined) ?? 1,
    ...(after === undefined ? {} : { after }),
  });
}

/** How the file's services say things; where it has none, those of its model. */
function styleFor({ context, yaml, project, model }: Site, near: string | undefined): HouseStyle {
  const own = ownNames(context);
  const nearest = project.file.services.find((service) => service.name === near);
  if (nearest || !model) return learnHouseStyle(context, yaml, project.file, nearest, own);
  return withoutAnchors(learnHouseStyle(context, model.yaml, model.file, undefined, own));
}

function declarationKey({ file, section, name }: Declaration): string {
  return `${file.path} ${section} ${name}`;
}

function refusalFor(context: EmitContext, target: ComposeTarget, reason: string, line?: number): Refusal {
  const empty = { path: target.path, services: [], volumes: new Map(), networks: new Map(), includes: [] };
  const content = contentOf(context, { file: empty, included: [] }, usualStyle, certsVolumeOf(context, target.path));
  const lines = renderEntry(context.manifest.name, writeBlock(content, usualStyle, context), 2, defaultStyle);
  return {
    path: target.path,
    ...(line === undefined ? {} : { line }),
    reason,
    paste: { under: 'services', text: `${lines.join('\n')}\n` },
  };
}
