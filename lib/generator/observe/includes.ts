/**
 * Which files a Compose file includes, and by which files it is included. A variable in a path (`compose/$HOSTNAME/plex.yml`) is set on the host;
 * it is read as the folder or word with which most of the includes lead to files that are there.
 */
import type { Tree } from '../types';
import { readComposeFile, type ComposeFile } from './compose-file';
import { readYaml } from './read-yaml';

const VARIABLE = /\$(?:\{[^}]*\}|\w+)/;

const resolved = new WeakMap<Tree, Map<ComposeFile, ReadonlyMap<string, string>>>();

/** The paths that a file includes, variables resolved where the tree tells what they stand for. */
export function includesOf(tree: Tree, file: ComposeFile): string[] {
  return file.includes.map((path) => withVariables(path, includeVariables(tree, file)));
}

/** Whether one of the file's includes has a variable that may lead to `path`. */
export function mayInclude(file: ComposeFile, path: string): boolean {
  return file.includes.some((include) => {
    const variable = VARIABLE.exec(include);
    return variable !== null && path.startsWith(include.slice(0, variable.index));
  });
}

/** A path with these references to variables (`$HOSTNAME`) replaced. */
export function withVariables(path: string, values: ReadonlyMap<string, string>): string {
  let text = path;
  for (const [reference, value] of values) text = text.replaceAll(reference, () => value);
  return text;
}

/** What the variables in a file's includes stand for, by the text that refers to them; those that the tree does not tell are left out. */
export function includeVariables(tree: Tree, file: ComposeFile): ReadonlyMap<string, string> {
  const known = resolved.get(tree) ?? new Map<ComposeFile, ReadonlyMap<string, string>>();
  resolved.set(tree, known);
  const references = new Set(file.includes.flatMap((path) => VARIABLE.exec(path)?.[0] ?? []));
  const values =
    known.get(file) ??
    new Map(
      [...references].flatMap((reference): [string, string][] => {
        const value = bestValue(tree, file, reference);
        return value === undefined ? [] : [[reference, value]];
      }),
    );
  known.set(file, values);
  return values;
}

/** The word in the variable's place with which most paths are there; of equal ones that which the including file is called after. */
function bestValue(tree: Tree, file: ComposeFile, name: string): string | undefined {
  const counts = new Map<string, number>();
  const own = file.includes.filter((path) => path.includes(name) && path.split(name).length === 2);
  for (const path of own) {
    const [before = '', after = ''] = path.split(name);
    for (const one of tree.paths) {
      if (!one.startsWith(before) || !one.endsWith(after) || one.length <= before.length + after.length) continue;
      const word = one.slice(before.length, one.length - after.length);
      if (!word.includes('/')) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const most = Math.max(0, ...counts.values());
  const best = [...counts].filter(([, count]) => count === most).map(([word]) => word);
  const words = file.path.split(/[^A-Za-z0-9]+/);
  return best.length === 1 ? best[0] : best.find((word) => words.includes(word));
}

/** What a file includes, directly and through others; what cannot be read is left out. */
export function includedFiles(tree: Tree, file: ComposeFile): ComposeFile[] {
  const included: ComposeFile[] = [];
  const waiting = [...includesOf(tree, file)];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (path === file.path || included.some((one) => one.path === path)) continue;
    const yaml = readYaml(tree, path);
    if (!yaml) continue;
    const one = readComposeFile(yaml);
    included.push(one);
    waiting.push(...includesOf(tree, one));
  }
  return included;
}
