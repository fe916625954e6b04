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
}

/**
 * Of the files that it includes, else of all others, the one with the most services; undefined where the file has services of its own. A piece of a
 * stack is written as all the others are together.
 */
export function modelFor(
  context: EmitContext,
  { file, included }: ComposeProject,
  includedBy: string | undefined,
): Model | undefined {
  const own = ownNames(context);
  if (file.services.some((service) => !own.has(service.name))) return undefined;
  const together = includedBy === undefined ? undefined : asOneFile(context, included);
  if (together) return together;
  const others = readComposeFiles(context.tree, context.profile).map((place) => place.file);
  const model = largest(included) ?? largest(others.filter((one) => one.path !== file.path));
  const yaml = readYaml(context.tree, model?.path);
  return model && yaml ? { yaml, file: model } : undefined;
}

/** Whether most files that are called alike say their project's name, and it is their folder's. */
export function saysItsName({ tree, profile }: EmitContext, model: Model): boolean {
  const name = (path: string) => path.split('/').at(-1);
  const alike = readComposeFiles(tree, profile).filter((place) => name(place.path) === name(model.file.path));
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
    return block === undefined || indent === undefined ? [] : [{ block: block.replace(/\n*$/, '\n'), indent }];
  });
  const indent = majority(blocks.map((one) => one.indent));
  const alike = blocks.filter((one) => one.indent === indent).map((one) => one.block);
  const parsed = parseYaml(`services:\n${alike.join('\n')}`, 'services');
  return parsed.ok && alike.length > 1 ? { yaml: parsed.yaml, file: readComposeFile(parsed.yaml) } : undefined;
}

function largest(files: readonly ComposeFile[]): ComposeFile | undefined {
  return files.reduce<ComposeFile | undefined>(
    (most, one) => (one.services.length > (most?.services.length ?? 0) ? one : most),
    undefined,
  );
}
