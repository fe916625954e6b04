/**
 * The profile of a platform repository: its `slipway.yaml`, checked, or one inferred from the tree where there is no such file.
 */
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { detectProfile } from './detect';
import { Profile, profilePath } from './profile';
import type { FieldProblem, Inference, Tree } from './types';

export type LoadedProfile =
  { profile: Profile; source: 'file' | 'inferred'; inferences: Inference[] } | { problems: FieldProblem[] };

/** Reads the profile at the tree's root, or infers one. Every problem of the file is told at once, each with its line. */
export function loadProfile(tree: Tree): LoadedProfile {
  const text = tree.read(profilePath);
  if (text !== undefined) return parseProfile(text);
  if (tree.paths.includes(profilePath))
    return { problems: [{ path: '', line: 1, message: 'The file is not UTF-8 text.' }] };
  const { profile, inferences } = detectProfile(tree);
  return { profile, source: 'inferred', inferences };
}

function parseProfile(text: string): LoadedProfile {
  const parsed = parseWithLines(text);
  if ('problems' in parsed) return parsed;
  const result = Profile.safeParse(parsed.value ?? {});
  if (result.success) return { profile: result.data, source: 'file', inferences: [] };
  return {
    problems: result.error.issues.flatMap((issue) => fieldProblemsOf(issue, parsed.lineOf)),
  };
}

/** A Zod issue, as far as it is told to people. */
interface Issue {
  code: string;
  path: readonly PropertyKey[];
  message: string;
  keys?: readonly string[];
}

/** One problem per wrong field: an issue about several unknown keys names each of them where it stands. */
export function fieldProblemsOf(
  issue: Issue,
  lineOf: (path: readonly PropertyKey[]) => number | undefined,
): FieldProblem[] {
  const paths =
    issue.code === 'unrecognized_keys' && issue.keys ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.map((path) => {
    const line = lineOf(path);
    return {
      path: path.map(String).join('.'),
      message:
        issue.code === 'unrecognized_keys'
          ? 'There is no such field here; look for a spelling mistake.'
          : issue.message,
      ...(line === undefined ? {} : { line }),
    };
  });
}

/**
 * Parses a file that people write, YAML or JSON (which is YAML), and tells for each path on which line it stands.
 * @returns the value and `lineOf` (the nearest enclosing node's line where the path itself is missing), or every syntax fault with its line.
 */
export function parseWithLines(
  text: string,
): { value: unknown; lineOf: (path: readonly PropertyKey[]) => number | undefined } | { problems: FieldProblem[] } {
  const counter = new LineCounter();
  const document: Document = parseDocument(text, { lineCounter: counter, logLevel: 'silent' });
  if (document.errors.length > 0)
    return {
      problems: document.errors.map((error) => ({
        path: '',
        message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '.'),
        line: counter.linePos(error.pos[0]).line,
      })),
    };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    return { problems: [{ path: '', message: error instanceof Error ? error.message : String(error), line: 1 }] };
  }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length -= 1) {
      const steps = path.slice(0, length);
      const last = steps.at(-1);
      const parent: unknown = document.getIn(steps.slice(0, -1), true);
      const pairs: readonly unknown[] = isNode(parent) && 'items' in parent ? (parent.items as readonly unknown[]) : [];
      for (const [index, item] of pairs.entries()) {
        const start = keyStart(item, String(last)) ?? (String(index) === String(last) ? nodeStart(item) : undefined);
        if (start !== undefined) return counter.linePos(start).line;
      }
    }
    const start = nodeStart(document.contents);
    return start === undefined ? 1 : counter.linePos(start).line;
  };
  return { value, lineOf };
}

function keyStart(item: unknown, name: string): number | undefined {
  if (typeof item !== 'object' || item === null || !('key' in item)) return undefined;
  const { key } = item;
  return isNode(key) && 'value' in key && String(key.value) === name ? nodeStart(key) : undefined;
}

function nodeStart(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
