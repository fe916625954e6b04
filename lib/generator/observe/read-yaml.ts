/** Reads a tree's YAML files for observation: what is not there is undefined, what does not parse is left out and told as a finding. */
import type { Finding, Tree } from '../types';
import { parseYaml, type ParsedYaml } from '../yaml/parse';

/** The parsed file; undefined where it is not there or cannot be read. */
export function readYaml(tree: Tree, path: string | undefined): ParsedYaml | undefined {
  const text = path === undefined ? undefined : tree.read(path);
  if (text === undefined || path === undefined) return undefined;
  const result = parseYaml(text, path);
  return result.ok ? result.yaml : undefined;
}

/** Why a tree has no text for a path, behind the file's name: `is not there`. */
export function whyUnread(tree: Tree, path: string): string {
  return tree.paths.includes(path)
    ? 'cannot be read: it is a link, larger than 2 MB, or no UTF-8 text'
    : 'is not there';
}

/** Why a file that the profile names, or that is in use, tells us nothing; undefined where it can be read. */
export function unreadable(tree: Tree, path: string): Finding | undefined {
  const text = tree.read(path);
  if (text === undefined) return { kind: 'unreadable', path, message: `${path} ${whyUnread(tree, path)}.` };
  const result = parseYaml(text, path);
  if (result.ok) return undefined;
  const { line, reason } = result.refusal;
  return { kind: 'unreadable', path, ...(line === undefined ? {} : { line }), message: `Not read: ${reason}` };
}
