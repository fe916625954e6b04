/**
 * Parses what people hand in as a file, a spec or a profile, and remembers on which line each field stands, so that a problem can be pointed at.
 */
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { FieldProblem } from './types';

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
