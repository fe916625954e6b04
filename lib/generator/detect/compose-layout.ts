/**
 * How a repository lays out its Compose files: a root file, a base that others include, stacks in one folder or in a folder each, a file for each
 * service. What is laid over another file (`docker-compose.override.yml`, `compose.prod.yml`) is none of them.
 */
import { escapeRegExp } from '../escape-reg-exp';
import { readComposeFile, type ComposeFile } from '../observe/compose-file';
import { readYaml } from '../observe/read-yaml';
import type { Tree } from '../types';
import { asRecord } from '../yaml/read';
import { baseName, folderOf, isInUse, mostCommon } from './guess';

export interface ComposeLayout {
  root?: ComposeFile;
  base?: { path: string; includedBy: number };
  /** Every Compose file in use, those that are neither root nor stack among them. */
  files: ComposeFile[];
  /** Files by the stack's name, and the folders that they were found in. */
  stacks: Map<string, ComposeFile>;
  folders: string[];
  /** Where a new service gets a file of its own: `stacks/{service}/compose.yaml`. */
  perService?: { path: string; like: number; of: number };
}

const COMPOSE_NAME = /^(?:docker-)?(?:stack-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;
/** In the order in which Compose itself looks for them. */
const CANONICAL = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const STACK_NAME = /^(?:docker-)?(?:stack|swarm)\.ya?ml$/i;
const OVERLAY =
  /[._-](?:override|prod|production|dev|devel|development|staging|stage|test|ci|e2e|local|debug|build|gpu|nvidia|amd|cuda|arm64|macos|windows|ssl|tls)\.ya?ml$/i;

/** What the Compose files of a tree are to each other; undefined where there are none. */
export function readLayout(tree: Tree): ComposeLayout | undefined {
  const files = tree.paths.flatMap((path) => composeFileAt(tree, path) ?? []);
  if (files.length === 0) return undefined;
  const base = findBase(files);
  const standing = files.filter((file) => file.path !== base?.path && !isOverlay(file, files));
  const root = CANONICAL.flatMap((name) => standing.find((file) => file.path === name) ?? [])[0];
  const wrappers = files.filter((file) => isWrapper(file, files, base?.path));
  const isPiece = piecesOf(
    files.filter((file) => !wrappers.includes(file)),
    base?.path,
  );
  const candidates = standing.filter(
    (file) =>
      file !== root &&
      !wrappers.includes(file) &&
      (file.services.length > 0 || file.includes.length > 0) &&
      !isPiece(file.path) &&
      !isOutlier(file, root),
  );
  const groups = groupsOf(candidates);
  const large = withBase(
    [...groups.values()].filter((group) => group.length > 1),
    base?.path,
  );
  const stacks = large.length > 0 ? large.flat() : root ? [] : candidates;
  // One file alone is the root, wherever it stands.
  const [only] = stacks.length === 1 ? stacks : [];
  const one = root ?? only ?? (stacks.length === 0 ? (standing[0] ?? files[0]) : undefined);
  const perService = findPerService(large, root);
  return {
    ...(one ? { root: one } : {}),
    ...(base ? { base } : {}),
    files,
    stacks: nameStacks(only ? [] : stacks),
    folders: only ? [] : [...new Set(stacks.map((file) => groupFolder(file.path)))],
    ...(perService ? { perService } : {}),
  };
}

/** A Compose file by its name, or by what it says: whoever includes `compose/media.yml` need not call it compose. */
function composeFileAt(tree: Tree, path: string): ComposeFile | undefined {
  if (!/\.ya?ml$/i.test(path) || !isInUse(path) || /(?:^|\/)(?:\.[^/]+|node_modules|docs?)\//.test(path))
    return undefined;
  const named = COMPOSE_NAME.test(baseName(path));
  if (!named && !/^services:[ \t]*(?:#.*)?\r?$/m.test(tree.read(path) ?? '')) return undefined;
  const yaml = readYaml(tree, path);
  const file = yaml && readComposeFile(yaml);
  if (!file) return undefined;
  const runs = file.services.every(({ fields }) => 'image' in fields || 'build' in fields || 'extends' in fields);
  return named || (file.services.length > 0 && runs) ? file : undefined;
}

/** Included by several files, or by one for its networks and volumes alone. */
function findBase(files: readonly ComposeFile[]): ComposeLayout['base'] {
  const most = mostCommon(files.flatMap((file) => file.includes));
  const file = files.find((one) => one.path === most?.value);
  if (!most || !file || (most.count < 2 && file.services.length > 0)) return undefined;
  return { path: most.value, includedBy: most.count };
}

/** Starts all stacks at once and has nothing of its own: those it includes stand alone, each including the base itself. */
function isWrapper(file: ComposeFile, files: readonly ComposeFile[], base: string | undefined): boolean {
  if (base === undefined || file.path === base || file.services.length > 0) return false;
  const stacks = file.includes.filter((path) => path !== base);
  const alone = files.filter((one) => stacks.includes(one.path) && one.includes.includes(base));
  return stacks.length > 1 && alone.length * 2 > stacks.length;
}

/**
 * Beside stacks that share a base, what lies elsewhere is no stack of the platform: the proxy's own file, a single service's. Nor is what repeats the
 * services of those stacks without the base: an alternative to them, often from before.
 */
function withBase(groups: readonly ComposeFile[][], base: string | undefined): ComposeFile[][] {
  const shares = (file: ComposeFile) => base !== undefined && file.includes.includes(base);
  const sharing = groups.filter((group) => group.some(shares));
  if (sharing.length === 0) return [...groups];
  const names = new Set(sharing.flat().flatMap((file) => (shares(file) ? file.services.map(({ name }) => name) : [])));
  const repeats = (file: ComposeFile) =>
    file.services.filter(({ name }) => names.has(name)).length * 2 > file.services.length;
  return sharing.map((group) => group.filter((file) => shares(file) || !repeats(file)));
}

/**
 * What others include is a piece of theirs, and so is what lies beside it in a folder for pieces, whether it is included today or not.
 * `compose/$HOSTNAME/plex.yml` stands for that file in any folder.
 */
function piecesOf(files: readonly ComposeFile[], base: string | undefined): (path: string) => boolean {
  const included = files.flatMap((file) => file.includes.map((path) => ({ path, from: folderOf(file.path) })));
  const pieces = matcherOf(included.map((one) => one.path));
  const folders = matcherOf(
    included.filter(({ path, from }) => path !== base && folderOf(path) !== from).map(({ path }) => folderOf(path)),
  );
  return (path) => pieces(path) || (!isOwnFolder(path) && folders(folderOf(path)));
}

/** Whether a path is one of these, variables in them standing for anything. */
function matcherOf(paths: readonly string[]): (path: string) => boolean {
  const patterns = paths.map((path) =>
    path
      .split(/\$(?:\{[^}]*\}|\w+)/)
      .map((part) => escapeRegExp(part))
      .join('[^/]*'),
  );
  const pattern = new RegExp(`^(?:${[...new Set(patterns)].join('|')})$`);
  return (path) => patterns.length > 0 && pattern.test(path);
}

/** Laid over another file: called so, or saying something of the services that a file beside it has. */
function isOverlay(file: ComposeFile, files: readonly ComposeFile[]): boolean {
  if (isCanonical(file.path)) return false;
  const beside = files.filter((one) => one !== file && folderOf(one.path) === folderOf(file.path));
  if (OVERLAY.test(file.path) && beside.length > 0) return file !== production(beside.concat(file));
  const canonical = beside.find((one) => isCanonical(one.path));
  const names = new Set(canonical?.services.map((service) => service.name));
  const shared = file.services.filter((service) => names.has(service.name)).length;
  return file.services.length > 0 && shared * 2 > file.services.length;
}

/** Where nothing but variants stand in a folder, the one that production runs. */
function production(files: readonly ComposeFile[]): ComposeFile | undefined {
  if (files.some((file) => !OVERLAY.test(file.path))) return undefined;
  return files.find((file) => /[._-]prod(?:uction)?\.ya?ml$/i.test(file.path)) ?? files[0];
}

/** What builds and runs one folder's own code on a developer's machine is no stack of the platform. */
function isOutlier(file: ComposeFile, root: ComposeFile | undefined): boolean {
  const folder = folderOf(file.path);
  return root !== undefined && root.services.some((service) => buildFolder(service.fields['build']) === folder);
}

function buildFolder(build: unknown): string | undefined {
  const context = typeof build === 'string' ? build : asRecord(build)?.['context'];
  return typeof context === 'string' ? context.replace(/^\.\//, '').replace(/\/+$/, '') : undefined;
}

function isCanonical(path: string): boolean {
  return CANONICAL.includes(baseName(path).toLowerCase());
}

/** Files that stand alike: in one folder, or each in a folder of its own beside the others. */
function groupsOf(files: readonly ComposeFile[]): Map<string, ComposeFile[]> {
  const groups = new Map<string, ComposeFile[]>();
  for (const file of files) {
    const key = isOwnFolder(file.path) ? `${groupFolder(file.path)}/*` : groupFolder(file.path);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return groups;
}

/** `stacks/media/compose.yml`: the folder says which one it is, the file does not. */
function isOwnFolder(path: string): boolean {
  return folderOf(path) !== '' && (isCanonical(path) || STACK_NAME.test(baseName(path)));
}

function groupFolder(path: string): string {
  return isOwnFolder(path) ? folderOf(folderOf(path)) : folderOf(path);
}

/** By folder or by the file's own word; with the folder above in front where two would have one name. */
function nameStacks(files: readonly ComposeFile[]): Map<string, ComposeFile> {
  const names = files.map((file) => stackName(file.path));
  const stacks = new Map<string, ComposeFile>();
  files.forEach((file, index) => {
    const name = names[index] ?? '';
    const twice = names.indexOf(name) !== names.lastIndexOf(name);
    const above = baseName(groupFolder(file.path));
    const full = slug(twice && above !== '' ? `${above}-${name}` : name);
    if (full !== '' && !stacks.has(full)) stacks.set(full, file);
  });
  return stacks;
}

function stackName(path: string): string {
  if (isOwnFolder(path)) return baseName(folderOf(path));
  return baseName(path)
    .replace(/\.ya?ml$/i, '')
    .replace(/^(?:docker-)?(?:compose|stack)[._-]?/i, '')
    .replace(/[._-](?:docker-)?(?:compose|stack)$/i, '');
}

function slug(name: string): string {
  return name
    .replace(/[^a-z0-9_-]+/gi, '-')
    .replace(/^[^a-z0-9]+|-+$/gi, '')
    .slice(0, 60);
}

/** Folders that are each called like a service in them: the next service gets a folder, too, unless most are in the root file. */
function findPerService(
  groups: readonly (readonly ComposeFile[])[],
  root: ComposeFile | undefined,
): ComposeLayout['perService'] {
  const group = groups
    .filter(([first]) => first && isOwnFolder(first.path))
    .reduce<readonly ComposeFile[]>((most, one) => (one.length > most.length ? one : most), []);
  const like = group.filter((file) => {
    const folder = stackName(file.path).toLowerCase();
    return file.services.some(({ name, containerName }) => [name, containerName].includes(folder));
  });
  const [first] = group;
  if (!first || group.length < 3 || like.length * 3 < group.length * 2) return undefined;
  if (root && root.services.length >= group.length) return undefined;
  const name = mostCommon(group.map((file) => baseName(file.path)))?.value ?? 'compose.yaml';
  const parent = groupFolder(first.path);
  const path = `${parent === '' ? '' : `${parent}/`}{service}/${name}`;
  return { path, like: like.length, of: group.length };
}
