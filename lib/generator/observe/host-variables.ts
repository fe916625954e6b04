/**
 * Hosts that are written with a variable for their end (`wiki.${DOMAIN}`, `wiki.{{env "DOMAIN"}}`): what they stand for, and how the next one is
 * written.
 */
import type { Profile } from '../profile';
import type { Tree } from '../types';
import { variableAt } from './environment-files';

/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `$NAME`, `{{env "NAME"}}`; the name first, then a default. */
const VARIABLE =
  /\$\{(\w+)(?::?-([^{}]*)|:?[?+][^{}]*)?\}|\$([A-Za-z_]\w*)|\{\{-?\s*env\s+(?:\\?["`'])(\w+)(?:\\?["`'])\s*-?\}\}/g;

/** What hosts end with, as it is written: `${DOMAIN}`. */
export interface HostEnding {
  text: string;
  /** The domain, as environment files or the default of the variable say it; undefined where nothing does. */
  value?: string;
  /** Whether the value is only what an example shows. */
  isExample: boolean;
}

/** What stands behind the first dot of a host, where a variable is part of it; undefined where the host is written out, or is a variable as a whole. */
export function endingOf(host: string): string | undefined {
  const plain = host.replace(VARIABLE, (found) => '_'.repeat(found.length));
  const dot = plain.indexOf('.');
  const ending = dot === -1 ? '' : host.slice(dot + 1);
  return ending.search(VARIABLE) === -1 ? undefined : ending;
}

/** A text with its variables filled in as they are where `path` uses them; undefined where one is not known. */
function expandAt(tree: Tree, path: string, text: string): (Omit<HostEnding, 'text'> & { value: string }) | undefined {
  let isKnown = true;
  let isExample = false;
  const value = text.replace(VARIABLE, (_, braced?: string, usual?: string, bare?: string, template?: string) => {
    const found = variableAt(tree, path, braced ?? bare ?? template ?? '');
    if (!found && usual === undefined) isKnown = false;
    if (found?.isExample === true || !found) isExample = true;
    return found?.value ?? usual ?? '';
  });
  return isKnown ? { value: value.toLowerCase(), isExample } : undefined;
}

/**
 * What the hosts of a file end with, where one variable is the end of nearly all of them. Hosts that are variables as a whole say nothing.
 * @param hosts as they are written.
 */
export function commonEnding(tree: Tree, path: string, hosts: readonly string[]): HostEnding | undefined {
  const endings = hosts.filter((host) => host.replace(VARIABLE, '').includes('.')).map(endingOf);
  const counts = new Map<string, number>();
  for (const ending of endings) if (ending !== undefined) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  if (!most || most[1] * 5 < endings.length * 4) return undefined;
  const [text] = most;
  const known = expandAt(tree, path, text);
  return known ? { text, ...known } : { text, isExample: false };
}

/**
 * A host as its siblings are written: `wiki.${DOMAIN}` for `wiki.example.test`. Only where that is what the variable stands for: its value is the
 * host's domain; or no file but an example says it, and the host is below the platform's own domain, which is what its services are routed under.
 */
export function hostLike(host: string, ending: HostEnding | undefined, { platform }: Profile): string {
  if (!ending) return host;
  const below = (domain: string | undefined): string | undefined =>
    domain !== undefined && domain !== '' && host.endsWith(`.${domain}`)
      ? host.slice(0, -domain.length - 1)
      : undefined;
  const label =
    below(ending.value) ?? (ending.value === undefined || ending.isExample ? below(platform.domain) : undefined);
  return label === undefined ? host : `${label}.${ending.text}`;
}

/**
 * The hosts that a written one may stand for: its variables filled in; and, where only an example or nothing says what it ends with, the same
 * under the platform's own domain.
 */
export function hostsMeant(tree: Tree, path: string, host: string, { platform }: Profile): string[] {
  if (host.search(VARIABLE) === -1) return [host.toLowerCase()];
  const known = expandAt(tree, path, host);
  const ending = endingOf(host);
  const label = ending === undefined ? undefined : host.slice(0, -ending.length - 1);
  const isOurs = label !== undefined && label.search(VARIABLE) === -1 && (known === undefined || known.isExample);
  const meant = [...(known ? [known.value] : []), ...(isOurs ? [`${label}.${platform.domain}`.toLowerCase()] : [])];
  return meant.length > 0 ? [...new Set(meant)] : [host.toLowerCase()];
}

/** The hosts of a rule as they are written: names of variables count upper and lower case. */
export function writtenHosts(rule: string): string[] {
  return [...rule.matchAll(/\bHost\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/`([^`]+)`|'([^']+)'|"([^"]+)"/g)].map(
      ([, tick, single, double]) => tick ?? single ?? double ?? '',
    ),
  );
}

/** A rule as it may be meant, its hosts written out: once, or twice where nothing certain says what they end with. */
export function rulesMeant(tree: Tree, path: string, rule: string, profile: Profile): string[] {
  if (rule.search(VARIABLE) === -1) return [rule];
  const hosts = new Map(
    writtenHosts(rule)
      .filter((host) => host.search(VARIABLE) !== -1)
      .map((host) => [host, hostsMeant(tree, path, host, profile)]),
  );
  const readings = Math.max(1, ...[...hosts.values()].map((meant) => meant.length));
  // `${DOMAIN}` is a part of `wiki.${DOMAIN}`, which has to be found as a whole.
  const longestFirst = [...hosts].sort(([one], [other]) => other.length - one.length);
  return Array.from({ length: readings }, (_, index) =>
    longestFirst.reduce((text, [host, meant]) => text.replaceAll(host, () => meant[index] ?? meant[0] ?? host), rule),
  );
}
