/** The rule of a new router, and its place among those that answer on the same host. */
import type { Manifest } from '@/lib/services/manifest';
import { hostLike, type HostEnding } from '../../observe/host-variables';
import type { TraefikRouter } from '../../observe/traefik-file';
import type { Profile } from '../../profile';
import type { RuleMatcher, RuleTarget } from '../../observe/traefik-rule';

export type Routing = NonNullable<Manifest['routing']>;

/** The rule: the host or one of its aliases, and the path where there is one. Wildcards need a regular expression before Traefik 3.8. */
export function writeRule(routing: Routing): string {
  const hosts = [routing.host, ...routing.aliases].map(hostMatcher);
  if (routing.path === undefined) return hosts.join(' || ');
  const host = hosts.length === 1 ? (hosts[0] ?? '') : `(${hosts.join(' || ')})`;
  return `${host} && PathPrefix(\`${routing.path}\`)`;
}

/** The routing with its hosts as the siblings write theirs, where those end with a variable. */
export function routingLike(routing: Routing, ending: HostEnding | undefined, profile: Profile): Routing {
  const like = (host: string): string => hostLike(host, ending, profile);
  return { ...routing, host: like(routing.host), aliases: routing.aliases.map(like) };
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
    (router) => !covering.includes(router) && targets.some((target) => isWithin(router, target)),
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

/** A router that takes all requests for one of a router's targets before it does; undefined where none does. */
export function shadowedBy(router: TraefikRouter, others: readonly TraefikRouter[]): TraefikRouter | undefined {
  return others.find(
    (other) => priorityOf(other) >= priorityOf(router) && router.targets.some((target) => covers(other, target)),
  );
}

/** A router whose requests another one takes before it does; undefined where it takes nobody's. */
export function shadowing(router: TraefikRouter, others: readonly TraefikRouter[]): TraefikRouter | undefined {
  return others.find(
    (other) => priorityOf(other) <= priorityOf(router) && router.targets.some((target) => isWithin(other, target)),
  );
}

/** Whether a router answers everything that a target asks for: a pattern of hosts, or no host at all, counts; a longer path does not. */
function covers(router: TraefikRouter, target: RuleTarget): boolean {
  return router.matchers.some((matcher) => {
    if (matcher.narrower || !answersHost(matcher, target.host)) return false;
    if (matcher.paths.length === 0) return target.path !== undefined || !matcher.hosts.includes(target.host);
    return matcher.paths.some(
      ({ path, exact }) =>
        !exact &&
        prefix(target.path).startsWith(prefix(path)) &&
        !(matcher.hosts.includes(target.host) && sameTarget({ host: target.host, path }, target)),
    );
  });
}

/** Whether a router answers a part of what a target asks for: a longer path, or one path alone. */
function isWithin(router: TraefikRouter, target: RuleTarget): boolean {
  return router.matchers.some(
    (matcher) =>
      answersHost(matcher, target.host) &&
      matcher.paths.some(
        ({ path, exact }) =>
          prefix(path).startsWith(prefix(target.path)) && (exact || prefix(path) !== prefix(target.path)),
      ),
  );
}

/** Whether a matcher takes requests for a host; one that names no host takes those for every host. */
function answersHost(matcher: RuleMatcher, host: string): boolean {
  if (matcher.hosts.includes(host)) return true;
  if (matcher.hostPatterns.some((pattern) => matches(pattern, host))) return true;
  return matcher.hosts.length === 0 && matcher.hostPatterns.length === 0 && matcher.paths.length > 0;
}

/** Go's expressions are close enough to JavaScript's for host names; what JavaScript cannot read is passed over. */
function matches(pattern: string, host: string): boolean {
  try {
    return new RegExp(pattern.replace(/^\(\?i\)/, ''), 'i').test(host);
  } catch {
    return false;
  }
}
