/** The file whose services show how the house writes, for one that has none itself. */
import { readComposeFile, type ComposeFile } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import { readYaml } from '../../observe/read-yaml';
import type { EmitContext } from '../../types';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { majority } from './shared-nodes';
import { ownNames, type ComposeProject } from './target';

export interface Model {
  yaml: ParsedYaml;
  file: ComposeFile;
  /** The files of the repository that it was read from. */
  paths: ReadonlySet<string>;
}

/**
 * Of the files that it includes, else of all others, the one with the most services; undefined where the file has services of its own. A piece of a
 * stack is written as all the others are together, and so is the file of a service where each has its own.
 */
export function modelFor(
  context: EmitContext,
  { file, included }: ComposeProject,
  includedBy: string | undefined,
): Model | undefined {
  const own = ownNames(context);
  if (file.services.some((service) => !own.has(service.name))) return undefined;
  const others = readComposeFiles(context.tree, context.profile)
    .map((place) => place.file)
    .filter((one) => one.path !== file.path);
  const alike = includedBy === undefined ? others.filter((one) => isPerService(context, one.path)) : included;
  const together = asOneFile(context, alike);
  if (together) return together;
  const model = largest(included) ?? largest(others);
  const yaml = readYaml(context.tree, model?.path);
  return model && yaml ? { yaml, file: model, paths: new Set([model.path]) } : undefined;
}

/** Whether a path is one of the files that each hold one service. */
export function isPerService({ profile }: EmitContext, path: string): boolean {
  const [before, after] = profile.compose?.perService?.split('{service}') ?? [];
  return before !== undefined && after !== undefined && path.startsWith(before) && path.endsWith(after);
}

/** What most files that are called alike begin with: an old version, which a swarm asks for. */
export function versionSaid(context: EmitContext, model: Model): string | undefined {
  const heads = filesAlike(context, model).map(({ path }) => {
    const line = /^version:[ \t]*(\S+)[ \t]*\r?$/m.exec(context.tree.read(path) ?? '');
    return line?.[1];
  });
  const most = majority(heads);
  return heads.filter((head) => head === most).length * 2 > heads.length ? most : undefined;
}

function filesAlike({ tree, profile }: EmitContext, model: Model): { path: string; file: ComposeFile }[] {
  const places = readComposeFiles(tree, profile);
  const together = places.filter((place) => model.paths.has(place.path));
  const name = (path: string) => path.split('/').at(-1);
  const [first] = together;
  return together.length > 1
    ? together
    : places.filter((place) => name(place.path) === name(first?.path ?? model.file.path));
}

/** Whether most files that are called alike say their project's name, and it is their folder's. */
export function saysItsName(context: EmitContext, model: Model): boolean {
  const alike = filesAlike(context, model);
  const saying = alike.filter(({ path, file }) => file.projectName === path.split('/').at(-2));
  return saying.length * 2 > alike.length;
}

/** The services of several files as if they stood in one, comments and anchors left out; undefined where they cannot be read so. */
function asOneFile({ tree }: EmitContext, files: readonly ComposeFile[]): Model | undefined {
  const blocks = files.flatMap((file) => {
    const block = /^services:[^\S\n]*\n((?:(?:[ #][^\n]*)?(?:\n|$))*)/m.exec(
      tree.read(file.path)?.replaceAll('\r', '') ?? '',
    )?.[1];
    const indent = /^( +)[^\s#]/m.exec(block ?? '')?.[1]?.length;
    // An anchor is known in its own file alone.
    return block === undefined || indent === undefined || /:[ \t]*(?:\[[ \t]*)?\*\w/.test(block)
      ? []
      : [{ file, block: block.replace(/\n*$/, '\n'), indent }];
  });
  const indent = majority(blocks.map((one) => one.indent));
  const names = new Set<string>();
  // Two databases of one name are two services in two projects, and cannot stand in one.
  const alike = blocks.filter((one) => {
    const own = one.file.services.map((service) => service.name);
    if (one.indent !== indent || own.some((name) => names.has(name))) return false;
    for (const name of own) names.add(name);
    return true;
  });
  const parsed = parseYaml(`services:\n${alike.map((one) => one.block).join('\n')}`, 'services');
  if (!parsed.ok || alike.length < 2) return undefined;
  return { yaml: parsed.yaml, file: readComposeFile(parsed.yaml), paths: new Set(alike.map((one) => one.file.path)) };
}

function largest(files: readonly ComposeFile[]): ComposeFile | undefined {
  return files.reduce<ComposeFile | undefined>(
    (most, one) => (one.services.length > (most?.services.length ?? 0) ? one : most),
    undefined,
  );
}
