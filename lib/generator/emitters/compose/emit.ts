/** The service in Compose: one block beside its relatives, its named volumes declared where the project keeps them (RUNBOOK-024, section 3). */
import { readComposeFile } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import { profilePath } from '../../profile';
import type { Conflict, EmitContext, Emission, Emitter, Finding, FollowUp, Refusal } from '../../types';
import { insertMapEntry, toEdits } from '../../yaml/insert';
import { nodeAt, placeAt } from '../../yaml/locate';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { renderEntry } from '../../yaml/render';
import { blankLinesBetween, defaultStyle, learnStyle } from '../../yaml/style';
import { mtlsByHand } from '../mtls-by-hand';
import { differences } from './compare';
import { learnHouseStyle, type HouseStyle } from './house-style';
import { chooseNeighbour } from './neighbour';
import {
  containerTaken,
  nameElsewhere,
  portsWithoutRegistry,
  unknownDependencies,
  unusableNetworks,
} from './obstacles';
import { contentOf, secretName, writeBlock } from './service-block';
import { chooseTarget, readProject, type ComposeProject, type ComposeTarget } from './target';
import { declareVolumes } from './volumes';

export const composeEmitter: Emitter = {
  name: 'compose',
  commit: 'runtime',
  applies: ({ manifest, profile }) => profile.compose !== undefined && manifest.runtime.compose !== undefined,
  emit,
};

function emit(context: EmitContext): Emission {
  const target = chooseTarget(context);
  if (target === 'none') {
    const reason =
      'The profile names no Compose file that new services go to: neither a root, nor a stack for this category.';
    return { edits: [], refusals: [{ path: profilePath, reason }] };
  }
  if ('unknown' in target) return { edits: [], conflicts: [unknownStack(context, target.unknown)] };
  const text = context.tree.read(target.path);
  if (text === undefined)
    return { edits: [], refusals: [refuse(context, target, 'The Compose file is not there, or is not UTF-8 text.')] };
  const parsed = parseYaml(text, target.path);
  if (!parsed.ok) return { edits: [], refusals: [refuse(context, target, parsed.refusal.reason, parsed.refusal.line)] };
  return emitInto(context, target, parsed.yaml);
}

function emitInto(context: EmitContext, target: ComposeTarget, yaml: ParsedYaml): Emission {
  const { manifest } = context;
  const file = readComposeFile(yaml);
  const project = readProject(context, file);
  const place = placeAt(yaml, ['services']);
  const entries = place.kind === 'map' ? place.entries : [];
  const neighbour = chooseNeighbour(context, yaml.text, file, entries);
  const style = learnHouseStyle(context, yaml, file, neighbour);
  const content = contentOf(context, project, style);

  const existing = file.services.find((service) => service.name === manifest.name);
  if (existing) {
    const differing = differences(existing, content);
    if (differing.length === 0) {
      const { splices, edits, refusals } = declareVolumes(context, yaml, project);
      return { edits: [...toEdits(target.path, splices), ...edits], refusals };
    }
    const message = `There is a service ${manifest.name} already (${target.path}:${existing.line}), and its ${differing.join(', ')} ${differing.length === 1 ? 'differs' : 'differ'} from the spec. Choose another name, or change that service by hand.`;
    return {
      edits: [],
      conflicts: [
        { kind: 'name', field: 'name', path: target.path, line: existing.line, owner: manifest.name, message },
      ],
    };
  }
  const networks = unusableNetworks(context, target, project);
  const conflicts = [
    ...nameElsewhere(context, target),
    ...containerTaken(context, content.containerName),
    ...unknownDependencies(context, target, project),
    ...networks.conflicts,
    ...portsWithoutRegistry(context),
  ];
  const mtls = mtlsByHand(context);
  const findings = [...missingPaths(context), ...sameVolumeElsewhere(context, target, project), ...mtls.findings];
  if (conflicts.length > 0 || networks.refusals.length > 0)
    return { edits: [], conflicts, refusals: networks.refusals, findings };

  const near = neighbour ? [nodeAt(yaml, ['services', neighbour.name])] : [];
  const blankLines = blankLinesBetween(yaml, entries) ?? 1;
  const result = insertMapEntry(yaml, ['services'], manifest.name, writeBlock(content, style, context), {
    style: learnStyle(yaml, near),
    blankLines,
    ...(neighbour ? { after: neighbour.name } : {}),
  });
  const volumes = declareVolumes(context, yaml, project);
  const refusals = [...(result.ok ? [] : [result.refusal]), ...volumes.refusals];
  if (!result.ok || refusals.length > 0) return { edits: [], refusals, findings };
  return {
    edits: [...toEdits(target.path, [result.splice, ...volumes.splices]), ...volumes.edits],
    findings,
    followUps: [...secretSteps(context), ...mtls.followUps, startStep(context, target)],
  };
}

function unknownStack({ profile }: EmitContext, stack: string): Conflict {
  const known = Object.keys(profile.compose?.stacks ?? {});
  return {
    kind: 'name',
    field: 'runtime.compose.stack',
    path: profilePath,
    message: `There is no stack ${stack}${known.length > 0 ? `; there are ${known.join(', ')}` : ''}. Choose one of the profile's stacks, or none for the category's own.`,
  };
}

function refuse(context: EmitContext, target: ComposeTarget, reason: string, line?: number): Refusal {
  const empty = { path: target.path, services: [], volumes: new Map(), networks: new Map(), includes: [] };
  const project: ComposeProject = { file: empty, included: [] };
  const content = contentOf(context, project, usualStyle);
  const lines = renderEntry(context.manifest.name, writeBlock(content, usualStyle, context), 2, defaultStyle);
  return {
    path: target.path,
    ...(line === undefined ? {} : { line }),
    reason,
    paste: { under: 'services', text: `${lines.join('\n')}\n` },
  };
}

/** RUNBOOK-024, section 3, where the file's own services cannot be looked at. */
const usualStyle: HouseStyle = {
  environment: 'map',
  labels: 'map',
  dependsOn: 'map',
  networks: 'list',
  labelNames: ['project', 'service', 'workload'],
  workloadIsService: false,
  health: { tool: 'wget', host: '127.0.0.1' },
  build: 'map',
  order: (keys) => [...keys],
};

function missingPaths({ manifest, tree }: EmitContext): Finding[] {
  const { source, volumes } = manifest.runtime;
  const needs = [
    ...(source.kind === 'build'
      ? [{ path: source.context, why: 'It has to be there before the image can be built.' }]
      : []),
    ...volumes.flatMap((volume) =>
      volume.source.kind === 'path'
        ? [{ path: volume.source.path, why: 'Docker would mount an empty folder in its place.' }]
        : [],
    ),
  ];
  return needs.flatMap(({ path, why }): Finding[] => {
    const clean = path.replace(/^\.\//, '').replace(/\/+$/, '');
    if (clean === '.' || tree.paths.some((one) => one === clean || one.startsWith(`${clean}/`))) return [];
    const message = `${manifest.name} needs ${clean}, which is not in the repository yet. ${why}`;
    return [{ kind: 'missing-path', path: clean, message }];
  });
}

function sameVolumeElsewhere(
  { manifest, profile, tree }: EmitContext,
  target: ComposeTarget,
  project: ComposeProject,
): Finding[] {
  const own = new Set([target.path, profile.compose?.root, ...project.included.map((file) => file.path)]);
  const others = readComposeFiles(tree, profile).filter((place) => !own.has(place.path));
  const names = new Set(
    manifest.runtime.volumes.flatMap(({ source }) => (source.kind === 'volume' ? [source.name] : [])),
  );
  return [...names].flatMap((name): Finding[] => {
    const other = others.find((place) => place.file.volumes.has(name));
    if (!other || project.file.volumes.has(name)) return [];
    const message = `${other.path} has a volume ${name} as well. They are two volumes: each project has its own.`;
    return [{ kind: 'volume-elsewhere', path: other.path, message }];
  });
}

function secretSteps(context: EmitContext): FollowUp[] {
  return context.manifest.security.secrets.map((secret) => ({
    phase: 'secrets',
    key: `secret:${secretName(context, secret.name)}`,
    title: `Put the secret ${secretName(context, secret.name)} into the store`,
    detail: `${secret.purpose}. ${secret.source === 'generated' ? 'Generate a value.' : 'Set it by hand.'} The service finds it by the name in ${secret.environment}.`,
  }));
}

function startStep({ manifest, profile }: EmitContext, target: ComposeTarget): FollowUp {
  const command = profile.compose?.startCommand ?? 'docker compose -f {file} up -d {service}';
  return {
    phase: 'start',
    key: `start:${target.path}`,
    title: `Start ${manifest.name}`,
    command: command.replaceAll('{file}', target.path).replaceAll('{service}', manifest.name),
  };
}
