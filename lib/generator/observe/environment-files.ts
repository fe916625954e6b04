/** The variables of a repository's environment files: what `${DOMAIN}` in a Compose file or `{{env "DOMAIN"}}` in a dynamic file stands for. */
import { folderOf } from '../detect/guess';
import type { Tree } from '../types';

export interface EnvironmentFile {
  path: string;
  /** A file that shows what to write (`.env.example`), where the real one is not kept in Git. */
  isExample: boolean;
  variables: ReadonlyMap<string, string>;
}

export interface KnownVariable {
  value: string;
  isExample: boolean;
}

const ENVIRONMENT_NAME = /(?:^|[/.])env(?:[.-][\w.-]*)?$/i;
const EXAMPLE_NAME = /(?:example|sample|template|dist|default)/i;
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?(\w+)=(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#]*))/gm;

const known = new WeakMap<Tree, readonly EnvironmentFile[]>();

/** Every environment file, in the order of their paths. */
export function environmentFiles(tree: Tree): readonly EnvironmentFile[] {
  const found = known.get(tree) ?? tree.paths.filter((path) => ENVIRONMENT_NAME.test(path)).map(read);
  known.set(tree, found);
  return found;

  function read(path: string): EnvironmentFile {
    const variables = new Map<string, string>();
    for (const [, name = '', double, single, plain] of (tree.read(path) ?? '').matchAll(ASSIGNMENT))
      if (!variables.has(name)) variables.set(name, double ?? single ?? plain ?? '');
    return { path, isExample: EXAMPLE_NAME.test(path.split('/').at(-1) ?? ''), variables };
  }
}

/**
 * What a variable is where a file uses it: as the nearest environment file says that stands beside the file or above it, a real one before an
 * example; else as all others say. Undefined where none says it, or they disagree.
 */
export function variableAt(tree: Tree, path: string, name: string): KnownVariable | undefined {
  const saying = environmentFiles(tree).flatMap((file) => {
    const value = file.variables.get(name);
    return value === undefined || value === ''
      ? []
      : [{ folder: folderOf(file.path), value, isExample: file.isExample }];
  });
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const here = saying.filter((one) => one.folder === folder);
    const nearest = here.find((one) => !one.isExample) ?? here[0];
    if (nearest) return { value: nearest.value, isExample: nearest.isExample };
    if (folder === '') break;
  }
  const [first] = saying;
  if (!first || saying.some((one) => one.value !== first.value)) return undefined;
  return { value: first.value, isExample: saying.every((one) => one.isExample) };
}
