/** Which of a repository's Compose files are in use. Backups and examples beside the real ones count for nothing. */
import { escapeRegExp } from '../escape-reg-exp';
import type { Profile } from '../profile';
import type { Tree } from '../types';
import { readComposeFile, type ComposeFile } from './compose-file';
import { includedFiles, includesOf, mayInclude } from './includes';
import { oncePerTree } from './once-per-tree';
import { readYaml } from './read-yaml';

export interface ComposePlace {
  path: string;
  /** Name of the stack in the profile; undefined for the root file, the base and files that the profile does not name. */
  stack?: string;
  role: 'stack' | 'root' | 'base' | 'other';
}

const COMPOSE_NAME = /(?:^|\/)(?:docker-)?(?:stack-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;
const OUT_OF_USE =
  /(?:^|[/._~-])(?:bak|backups?|old|orig|examples?|samples?|templates?|archived?|archives|deprecated|disabled|legacy|unused|copy|save|fixtures?|tests?|testdata|node_modules|vendor)(?:[/._~-]|$)|~$/i;

/** The Compose files in use: the profile's stacks, base and root, what they include, and others that are named like one. */
export const listComposeFiles = oncePerTree(findComposeFiles, concernsCompose);

function findComposeFiles(tree: Tree, profile: Profile): readonly ComposePlace[] {
  const compose = profile.compose;
  const found = new Map<string, ComposePlace>();
  const add = (place: ComposePlace): void => {
    if (!found.has(place.path)) found.set(place.path, place);
  };
  for (const [stack, path] of Object.entries(compose?.stacks ?? {})) add({ path, stack, role: 'stack' });
  if (compose?.base !== undefined) add({ path: compose.base, role: 'base' });
  if (compose?.root !== undefined) add({ path: compose.root, role: 'root' });
  const pieces = [...found.values()].flatMap(({ path, stack }) => {
    const yaml = readYaml(tree, path);
    return yaml ? includesOf(tree, readComposeFile(yaml)).map((piece) => ({ piece, stack })) : [];
  });
  for (const { piece, stack } of pieces) {
    // What one stack alone includes is a part of it.
    const isShared = pieces.some((one) => one.piece === piece && one.stack !== stack);
    add({ path: piece, ...(stack === undefined || isShared ? {} : { stack }), role: 'other' });
  }
  const isNamed = namedLikeOne(profile);
  for (const path of tree.paths) if (isNamed(path)) add({ path, role: 'other' });
  return [...found.values()];
}

/**
 * Whether the Compose files in use may be others, or read otherwise, once a file is written over `below`: it is one of them or named like one, or a variable in
 * an include may lead to it.
 */
export function concernsCompose(path: string, profile: Profile, below: Tree): boolean {
  return (
    namedLikeOne(profile)(path) ||
    listComposeFiles(below, profile).some((place) => place.path === path) ||
    readComposeFiles(below, profile).some(({ file }) => mayInclude(file, path))
  );
}

function namedLikeOne({ compose }: Profile): (path: string) => boolean {
  const own = compose?.perService === undefined ? undefined : patternOf(compose.perService);
  return (path) =>
    /\.ya?ml$/i.test(path) && (COMPOSE_NAME.test(path) || (own?.test(path) ?? false)) && !OUT_OF_USE.test(path);
}

/** The paths that a template with `{service}` in it stands for. */
function patternOf(template: string): RegExp {
  const parts = template.split('{service}').map((part) => escapeRegExp(part));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}

/** The Compose files in use that can be read, with where they belong. */
export const readComposeFiles = oncePerTree(
  (tree, profile): readonly (ComposePlace & { file: ComposeFile })[] =>
    listComposeFiles(tree, profile).flatMap((place) => {
      const yaml = readYaml(tree, place.path);
      return yaml ? [{ ...place, file: readComposeFile(yaml) }] : [];
    }),
  concernsCompose,
);

/** The files in use that include one, directly or through others. */
export function includersOf(tree: Tree, profile: Profile, path: string): readonly ComposeFile[] {
  return includers(tree, profile).get(path) ?? [];
}

const includers = oncePerTree((tree, profile): ReadonlyMap<string, readonly ComposeFile[]> => {
  const found = new Map<string, ComposeFile[]>();
  for (const { file } of readComposeFiles(tree, profile))
    for (const { path } of includedFiles(tree, file)) {
      const including = found.get(path) ?? [];
      including.push(file);
      found.set(path, including);
    }
  return found;
}, concernsCompose);
