/** Whether a tool says after a change what it said before it: lines move, and what is said of several things comes in no order. */

/**
 * @param after what a tool says of the result.
 * @param before all that it said of the base.
 */
export function saysNothingNew(after: string, before: readonly string[]): boolean {
  const known = new Set(before.flatMap(statements));
  return statements(after).every((line) => known.has(line));
}

/** Lines without where in a file they are about: `x.yaml:12:5`, `line 3, column 7`, `[3:7]`. */
function statements(message: string): string[] {
  return message
    .split('\n')
    .map((line) =>
      line
        .replace(/(\.(?:ya?ml|tpl|json|txt)):\d+(?::\d+)?/g, '$1')
        .replace(/\b(lines?|columns?) \d+/g, '$1')
        .replace(/\[\d+:\d+\]/g, '')
        .trim(),
    )
    .filter((line) => line !== '');
}
