/** The file whose services show how the house writes, for one that has none itself. */
import type { ComposeFile } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import { readYaml } from '../../observe/read-yaml';
import type { EmitContext } from '../../types';
import type { ParsedYaml } from '../../yaml/parse';
import { ownNames, type ComposeProject } from './target';

export interface Model {
  yaml: ParsedYaml;
  file: ComposeFile;
}

/** Of the files that it includes, else of all others, the one with the most services; undefined where the file has services of its own. */
export function modelFor(context: EmitContext, { file, included }: ComposeProject): Model | undefined {
  const own = ownNames(context);
  if (file.services.some((service) => !own.has(service.name))) return undefined;
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

function largest(files: readonly ComposeFile[]): ComposeFile | undefined {
  return files.reduce<ComposeFile | undefined>(
    (most, one) => (one.services.length > (most?.services.length ?? 0) ? one : most),
    undefined,
  );
}
