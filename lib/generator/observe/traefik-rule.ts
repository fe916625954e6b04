/** Reads the hosts and paths out of a Traefik v3 router rule. */

export interface RuleTarget {
  host: string;
  /** `PathPrefix` or `Path` that goes with the host. */
  path?: string;
}

/** What one alternative of a rule asks for. */
export interface RuleMatcher {
  hosts: string[];
  /** Regular expressions of `HostRegexp`, as they are written. */
  hostPatterns: string[];
  paths: { path: string; exact: boolean }[];
  /** Whether it asks for more than host and path (a method, a header, a negation): it answers only a part of their requests. */
  narrower: boolean;
}

/**
 * The hosts that a rule answers on, each with its path: ``(Host(`a`) || Host(`b`)) && PathPrefix(`/x`)`` is a/x and b/x.
 * HostRegexp and other matchers say nothing about one host and are passed over.
 */
export function readRule(rule: string): RuleTarget[] {
  const targets = readMatchers(rule).flatMap(({ hosts, paths }) =>
    hosts.flatMap((host): RuleTarget[] =>
      paths.length === 0 ? [{ host }] : paths.map(({ path }) => ({ host, path })),
    ),
  );
  return targets.filter(
    (target, index) => targets.findIndex((one) => one.host === target.host && one.path === target.path) === index,
  );
}

/** A rule as a disjunction. Total: what is no rule asks for something unknown. */
export function readMatchers(rule: string): RuleMatcher[] {
  const text = stripParentheses(rule.trim());
  const either = split(text, '||');
  if (either.length > 1) return either.flatMap(readMatchers);
  const both = split(text, '&&');
  if (both.length > 1) return both.map(readMatchers).reduce(distribute);
  const match = /^(\w+)\s*\(([^]*)\)$/.exec(text);
  const values = [...(match?.[2] ?? '').matchAll(/`([^`]*)`|'([^']*)'|"([^"]*)"/g)].map(
    (value) => value[1] ?? value[2] ?? value[3] ?? '',
  );
  const nothing: RuleMatcher = { hosts: [], hostPatterns: [], paths: [], narrower: false };
  switch (match?.[1]) {
    case 'Host':
      return [{ ...nothing, hosts: values.map((host) => host.toLowerCase()) }];
    case 'HostRegexp':
      return [{ ...nothing, hostPatterns: values }];
    case 'PathPrefix':
    case 'Path':
      return [{ ...nothing, paths: values.map((path) => ({ path, exact: match[1] === 'Path' })) }];
    default:
      return [{ ...nothing, narrower: true }];
  }
}

/** `(a || b) && (c || d)` is `a && c || a && d || b && c || b && d`. */
function distribute(left: readonly RuleMatcher[], right: readonly RuleMatcher[]): RuleMatcher[] {
  return left.flatMap((one) =>
    right.map((other) => ({
      hosts: [...one.hosts, ...other.hosts],
      hostPatterns: [...one.hostPatterns, ...other.hostPatterns],
      paths: [...one.paths, ...other.paths],
      narrower: one.narrower || other.narrower,
    })),
  );
}

function split(text: string, operator: '||' | '&&'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted: string | undefined;
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quoted !== undefined) {
      if (character === quoted) quoted = undefined;
    } else if (character === '`' || character === '"' || character === "'") quoted = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (depth === 0 && text.startsWith(operator, index)) {
      parts.push(text.slice(from, index).trim());
      from = index + operator.length;
      index += operator.length - 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}

/** Takes off parentheses that hold the whole text. */
function stripParentheses(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let index = 0; index < text.length - 1; index++) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return text;
  }
  return stripParentheses(text.slice(1, -1).trim());
}
