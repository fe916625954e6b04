/**
 * Which Compose projects a change concerns, and everything that Compose needs to judge one: its files with what they include and extend, empty
 * stand-ins for environment files, values for variables. A project that reads outside of the repository is named and not gathered.
 */
import { createHash } from 'node:crypto';
import { folderOf } from '../detect/guess';
import { listComposeFiles } from '../observe/compose-files';
import { readComposeFile } from '../observe/compose-file';
import { includeVariables, withVariables } from '../observe/includes';
import { readYaml } from '../observe/read-yaml';
import { pathFrom } from '../path-from';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import type { CheckInput } from './check';

/** One project as Compose is given it. */
export interface ComposeProject {
  /** The files of its `-f`, in order. */
  main: string[];
  files: Map<string, string>;
  /** A value for each variable that has none: whoever runs the project has them in an environment that is not in Git. */
  variables: Record<string, string>;
  /** What it reads that is not in the repository, as the files say it; Compose is not run then. */
  outside: string[];
}

/** A project before and after the change. */
export interface ChangedProject {
  /** The file that the project is named by. */
  path: string;
  /** Undefined where the change makes the project. */
  before: ComposeProject | undefined;
  after: ComposeProject;
}

/** The projects with a file that the change touches: stacks and the root file are projects each, and a base is part of all that include it. */
export function changedProjects({ plan, profile, tree, after }: CheckInput): ChangedProject[] {
  const touched = new Set(plan.files.map((file) => file.path));
  const known = new Set(after.paths);
  const projects = listComposeFiles(after, profile)
    .filter(({ path }) => known.has(path))
    .map(({ path, role }) => ({ path, role, project: gatherProject(after, path) }));
  const included = new Set(
    projects.flatMap(({ path, project }) => [...project.files.keys()].filter((one) => one !== path)),
  );
  return (
    projects
      .filter(({ project }) => [...project.files.keys()].some((path) => touched.has(path)))
      // A file that others include is judged as a part of those.
      .filter(({ path, role }) => role === 'stack' || role === 'root' || !included.has(path))
      .map(({ path, project }) => ({
        path,
        before: tree.read(path) === undefined ? undefined : gatherProject(tree, path),
        after: project,
      }))
  );
}

/** Everything of the project that the file at `path` makes. */
export function gatherProject(tree: Tree, path: string): ComposeProject {
  const overridden = path.replace(/([._-])override(\.ya?ml)$/i, '$2');
  const main = overridden !== path && tree.read(overridden) !== undefined ? [overridden, path] : [path];
  const project: ComposeProject = { main, files: new Map(), variables: {}, outside: [] };
  for (const one of main) gather(tree, one, folderOf(main[0] ?? one), project);
  for (const [file, text] of project.files)
    if (/\.ya?ml$/i.test(file))
      for (const name of variablesWithoutValue(text)) project.variables[name] ??= standIn(name);
  return project;
}

/** @param folder where relative paths of this file start */
function gather(tree: Tree, path: string, folder: string, project: ComposeProject): void {
  const text = tree.read(path);
  if (text === undefined || project.files.has(path)) return;
  project.files.set(path, text);
  const yaml = readYaml(tree, path);
  const root = asRecord(yaml?.toJs()) ?? {};
  const values = yaml ? includeVariables(tree, readComposeFile(yaml)) : new Map<string, string>();
  for (const [reference, value] of values) project.variables[/\w+/.exec(reference)?.[0] ?? reference] = value;
  const follow = (raw: unknown, from: string, then: (inside: string) => void) => {
    const said = asText(raw);
    if (said === undefined) return;
    const inside = insidePath(from, said);
    if (inside === undefined) project.outside.push(`${path}: ${said}`);
    else then(inside);
  };
  const standInFile = (raw: unknown) =>
    follow(raw, folder, (inside) => {
      if (project.files.has(inside)) return;
      if (mayBeFile(inside, tree, project)) project.files.set(inside, '');
      else project.outside.push(`${path}: ${asText(raw)}`);
    });
  for (const item of asList(root['include']) ?? []) {
    const long = asRecord(item);
    for (const raw of several(long ? long['path'] : item))
      follow(typeof raw === 'string' ? withVariables(raw, values) : raw, folder, (inside) => {
        const own = asText(long?.['project_directory']);
        const directory = own === undefined ? folderOf(inside) : insidePath(folder, own);
        if (directory === undefined) project.outside.push(`${path}: ${own}`);
        else gather(tree, inside, directory, project);
      });
    for (const raw of several(long?.['env_file'])) standInFile(raw);
  }
  for (const value of Object.values(asRecord(root['services']) ?? {})) {
    const service = asRecord(value) ?? {};
    follow(asRecord(service['extends'])?.['file'], folder, (inside) => gather(tree, inside, folderOf(inside), project));
    for (const raw of several(service['env_file'])) standInFile(asRecord(raw)?.['path'] ?? raw);
    for (const raw of several(service['label_file'])) standInFile(raw);
  }
}

/** Whether a file may stand there: it is no folder, and nothing above it is a file. */
function mayBeFile(path: string, tree: Tree, { files }: ComposeProject): boolean {
  if (path === '') return false;
  if ([...tree.paths, ...files.keys()].some((other) => other.startsWith(`${path}/`))) return false;
  const parts = path.split('/');
  const above = parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'));
  return !above.some((one) => files.has(one) || tree.read(one) !== undefined);
}

function several(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return asList(value) ?? [value];
}

/** Where a path leads, from the repository's root; undefined where that is not known to be inside. */
function insidePath(folder: string, said: string): string | undefined {
  if (/^[/~\\]|^[A-Za-z][\w+.-]*:|^[\w.-]+@|\$/.test(said)) return undefined;
  return pathFrom(folder, said);
}

/** Variables that are used somewhere without a default: `$X`, `${X}`, `${X:?why}`. `$$` is a dollar sign. */
export function variablesWithoutValue(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, braced, plain] of text.matchAll(/\$\$|\$\{([^}]*)\}?|\$([A-Za-z_]\w*)/g)) {
    if (plain !== undefined) names.add(plain);
    for (const [, name, rest = ''] of (braced ?? '').matchAll(/(?:^|\$\{)([A-Za-z_]\w*)([^${]*)/g))
      if (name !== undefined && !/^:?-/.test(rest)) names.add(name);
  }
  return names;
}

/** A number that may be a port, a size or a word; another one for each name, since two equal ports would be one too many. */
function standIn(name: string): string {
  return String(1024 + (createHash('sha256').update(name).digest().readUInt16BE(0) % 60_000));
}
