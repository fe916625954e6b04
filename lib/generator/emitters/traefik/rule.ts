/** The rule of a new router, and its place among those that answer on the same host. */
import type { Manifest } from '@/lib/services/manifest';
import type { TraefikRouter } from '../../observe/traefik-file';
import type { RuleTarget } from '../../observe/traefik-rule';

type Routing = NonNullable<Manifest['routing']>;

/** The rule: the host or one of its aliases, and the path where there is one. Wildcards need a regular expression before Traefik 3.8. */
export function writeRule(routing: Routing): string {
  const hosts = [routing.host, ...routing.aliases].map(hostMatcher);
  if (routing.path === undefined) return hosts.join(' || ');
  const host = hosts.length === 1 ? (hosts[0] ?? '') : `(${hosts.join(' || ')})`;
  return `${host} && PathPrefix(\`${routing.path}\`)`;
}

/** The hosts and the path that a spec asks for, as {@link writeRule} writes them. */
export function targetsOf(routing: Routing): RuleTarget[] {
  return [routing.host, ...routing.aliases].map((host) =>
    routing.path === undefined ? { host } : { host, path: routing.path },
  );
}

function hostMatcher(host: string): string {
  if (!host.startsWith('*.')) return `Host(\`${host}\`)`;
  return `HostRegexp(\`^[a-z0-9-]+\\.${host.slice(2).replaceAll('.', '\\.')}$\`)`;
}

/** `/x` and `/x/` are one prefix; no path is the prefix of all. */
function prefix(path: string | undefined): string {
  return (path ?? '').replace(/\/+$/, '');
}

/** Whether two targets are the same host and path. */
export function sameTarget(a: RuleTarget, b: RuleTarget): boolean {
  return a.host === b.host && prefix(a.path) === prefix(b.path);
}

/** Traefik tries routers by priority, which is the rule's length where none is given. */
function priorityOf(router: Pick<TraefikRouter, 'priority' | 'rule'>): number {
  return router.priority !== undefined && router.priority > 0 ? router.priority : router.rule.length;
}

export type Priority =
  | { kind: 'default' }
  | { kind: 'set'; priority: number }
  /** No number puts the new router behind the one and before the other. */
  | { kind: 'impossible'; above: TraefikRouter; below: TraefikRouter };

/**
 * The priority that a new router needs to be reached and to leave more specific ones reachable; the default wherever that will do.
 * @param others every router but the new one.
 */
export function choosePriority(
  rule: string,
  targets: readonly RuleTarget[],
  others: readonly TraefikRouter[],
): Priority {
  const covering = others.filter((router) => targets.some((target) => covers(router, target)));
  const covered = others.filter(
    (router) =>
      !covering.includes(router) && router.targets.some((one) => targets.some((target) => isWithin(one, target))),
  );
  const above = covering.reduce<TraefikRouter | undefined>(
    (a, b) => (a && priorityOf(a) >= priorityOf(b) ? a : b),
    undefined,
  );
  const below = covered.reduce<TraefikRouter | undefined>(
    (a, b) => (a && priorityOf(a) <= priorityOf(b) ? a : b),
    undefined,
  );
  const least = above ? priorityOf(above) + 1 : 1;
  const most = below ? priorityOf(below) - 1 : Number.MAX_SAFE_INTEGER;
  if (least <= rule.length && rule.length <= most) return { kind: 'default' };
  if (least > most) return above && below ? { kind: 'impossible', above, below } : { kind: 'default' };
  return { kind: 'set', priority: rule.length < least ? least : most };
}

/** Whether a router answers everything that a target asks for: a regular expression for the host counts, a longer path does not. */
function covers(router: TraefikRouter, target: RuleTarget): boolean {
  if (
    router.targets.some(
      (one) => one.host === target.host && prefix(target.path).startsWith(prefix(one.path)) && !sameTarget(one, target),
    )
  )
    return true;
  const pattern = /HostRegexp\(`([^`]*)`\)/.exec(router.rule)?.[1];
  if (pattern === undefined || !matches(pattern, target.host)) return false;
  const path = /PathPrefix\(`([^`]*)`\)/.exec(router.rule)?.[1];
  return prefix(target.path).startsWith(prefix(path));
}

function isWithin(inner: RuleTarget, outer: RuleTarget): boolean {
  return inner.host === outer.host && prefix(inner.path).startsWith(prefix(outer.path)) && !sameTarget(inner, outer);
}

/** Go's expressions are close enough to JavaScript's for host names; what JavaScript cannot read is passed over. */
function matches(pattern: string, host: string): boolean {
  try {
    return new RegExp(pattern.replace(/^\(\?i\)/, ''), 'i').test(host);
  } catch {
    return false;
  }
}
