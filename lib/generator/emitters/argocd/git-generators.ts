/**
 * The generators of ApplicationSets that look at the repository's own folders and files. They are read line by line and not as YAML: people keep
 * them in the values of a chart, in templates and in Terraform too.
 */
import { escapeRegExp } from '../../escape-reg-exp';
import type { Tree } from '../../types';

/** A generator that finds services by itself. */
export interface GitGenerator {
  file: string;
  kind: 'directories' | 'files';
  patterns: readonly string[];
  /** Folders that it leaves out. */
  excluded: readonly string[];
  /** Whether the folder that is found is what runs, or only holds the values of a chart that stands elsewhere. */
  runs: 'folder' | 'values';
}

const KEPT_IN = /\.(?:ya?ml|tpl|tf|gotmpl)$/i;
const cache = new Map<string, readonly Omit<GitGenerator, 'file'>[]>();
const globs = new Map<string, RegExp>();
const CACHED = 256;
const wildcards: ReadonlyMap<string, string> = new Map([
  ['**/', '(?:.*/)?'],
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
]);

/** Every generator of the tree that looks at folders or files. */
export function gitGenerators(tree: Tree): GitGenerator[] {
  return tree.paths
    .filter((path) => KEPT_IN.test(path))
    .flatMap((path) => {
      const text = tree.read(path) ?? '';
      return text.includes('generators') ? generatorsIn(text).map((one) => ({ file: path, ...one })) : [];
    });
}

/** Whether a generator finds a path: by one of its patterns, and by none of those that it leaves out. */
export function finds(generator: Pick<GitGenerator, 'patterns' | 'excluded'>, path: string): boolean {
  const matches = (patterns: readonly string[]) => patterns.some((pattern) => glob(pattern).test(path));
  return matches(generator.patterns) && !matches(generator.excluded);
}

/** The generator that finds a file with a service's values, for a chart that stands elsewhere. */
export function generatorOfValues(tree: Tree, path: string): GitGenerator | undefined {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return gitGenerators(tree).find(
    (one) => one.runs === 'values' && finds(one, one.kind === 'directories' ? folder : path),
  );
}

function generatorsIn(text: string): readonly Omit<GitGenerator, 'file'>[] {
  const known = cache.get(text);
  if (known) return known;
  const found = text.split(/^---.*$/m).flatMap(generatorsOfDocument);
  if (cache.size >= CACHED) cache.clear();
  cache.set(text, found);
  return found;
}

function generatorsOfDocument(text: string): Omit<GitGenerator, 'file'>[] {
  // A values file that is named by a reference to another source is beside the chart, not in it.
  const runs = /^\s*-\s*["']?\$\w+\//m.test(text) ? 'values' : 'folder';
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:#|$)/.test(line));
  return lines.flatMap((line, index): Omit<GitGenerator, 'file'>[] => {
    const [, kind, rest = ''] = /^[\s-]*(directories|files):\s*(.*)$/.exec(line) ?? [];
    if ((kind !== 'directories' && kind !== 'files') || !isUnderGit(lines, index)) return [];
    const items = rest.startsWith('[') ? rest.split('}') : itemsBelow(lines, index);
    const paths = items.flatMap((item) => {
      const path = pathOf(item);
      return path === undefined ? [] : [{ path, excluded: /\bexclude:\s*["']?true\b/.test(item) }];
    });
    const patterns = paths.filter((one) => !one.excluded).map((one) => one.path);
    if (patterns.length === 0) return [];
    return [{ kind, patterns, excluded: paths.filter((one) => one.excluded).map((one) => one.path), runs }];
  });
}

/** Where the key of a line begins: behind the dash, where it is the first of an item. */
function indentOf(line: string): number {
  return /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? 0;
}

/** Whether the nearest line above that stands less deep is `git:`. */
function isUnderGit(lines: readonly string[], index: number): boolean {
  const depth = indentOf(lines[index] ?? '');
  for (let at = index - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    if (indentOf(line) < depth) return /^[\s-]*git:/.test(line);
  }
  return false;
}

/** The items of the list under a key, each with all its lines. */
function itemsBelow(lines: readonly string[], index: number): string[] {
  const depth = indentOf(lines[index] ?? '');
  const items: string[] = [];
  for (const line of lines.slice(index + 1)) {
    const margin = /^\s*/.exec(line)?.[0].length ?? 0;
    const begins = /^\s*-\s/.test(line);
    if (margin < depth || (margin === depth && !begins)) break;
    if (begins) items.push(line);
    else items.push(`${items.pop() ?? ''}\n${line}`);
  }
  return items;
}

/** What an item names; what a template fills in may be anything. */
function pathOf(item: string): string | undefined {
  const match = /\bpath:\s*(?:"([^"]*)"|'([^']*)'|((?:\{\{[^{}]*\}\}|[^\s#,}])+))/.exec(item);
  const written = match?.[1] ?? match?.[2] ?? match?.[3];
  return written?.replace(/\{\{[^{}]*\}\}/g, '*').replace(/^\.?\/|\/+$/g, '');
}

/** `charts/*` and `clusters/**`: a star stands for a part of one step, two for any number of steps. */
function glob(pattern: string): RegExp {
  const known = globs.get(pattern);
  if (known) return known;
  const source = pattern.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => wildcards.get(part) ?? escapeRegExp(part));
  const compiled = new RegExp(`^${source.join('')}$`);
  if (globs.size >= CACHED) globs.clear();
  globs.set(pattern, compiled);
  return compiled;
}
