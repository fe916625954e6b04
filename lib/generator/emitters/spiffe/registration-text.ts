/** One workload's registration written for another: the text of an entry or a command with names, selector and DNS names put in. */
import { escapeRegExp } from '../../escape-reg-exp';
import { mentions, rename, type Renaming } from './rename';

/** Everything by which a registration may name a workload. */
export interface Identity {
  /** The helper's name and its workload label: what the selector says. */
  helpers: string[];
  workload: string;
  /** The services that it is for. */
  services: string[];
  /** Names in the certificate, the service's own first. */
  hosts: string[];
}

/**
 * A sibling's text for a new workload.
 * @param separator what stands between two DNS names here, where the sibling itself has only one.
 * @returns undefined where the result would still name the sibling, or would not name the new helper.
 */
export function writeFor(text: string, sibling: Identity, own: Identity, separator?: string): string | undefined {
  const [helper = ''] = own.helpers;
  if (!sibling.helpers.some((name) => mentions(text, name)) && !mentions(text, sibling.workload)) return undefined;
  const known = [...sibling.services, sibling.workload].map(escapeRegExp).join('|');
  const hosts = new RegExp(`(?<![\\w./-])(?:${known})(?:\\.[a-z0-9-]+)+`, 'gi');
  const dnsNames = [
    ...new Set([...sibling.services, sibling.workload, ...(text.match(hosts) ?? []), ...sibling.hosts]),
  ];
  const kept: string[] = [];
  const hold = (value: string): string => `\u0001${kept.push(value) - 1}\u0001`;
  const withDns = replaceDns(text, dnsNames, sibling.helpers, (join) => {
    const between = join ?? separator;
    const wanted = [...own.services, ...own.hosts];
    return hold(between === undefined ? (wanted[0] ?? '') : wanted.join(between));
  });
  const names: Renaming = [
    ...sibling.helpers.map((name, index): [string, string] => [name, own.helpers[index] ?? helper]),
    ...sibling.services.map((name): [string, string] => [name, own.services[0] ?? own.workload]),
    [sibling.workload.replaceAll('-', '_'), own.workload.replaceAll('-', '_')],
    [sibling.workload, own.workload],
  ];
  const result = rename(withDns, names).replace(/\u0001(\d+)\u0001/g, (_, index: string) => kept[Number(index)] ?? '');
  const left = [...sibling.helpers, ...dnsNames].filter(
    (name) => ![...own.helpers, own.workload, ...own.services, ...own.hosts].includes(name),
  );
  return left.some((name) => mentions(result, name)) ? undefined : result;
}

/** What stands between two DNS names of a workload; undefined where its text has one or none. */
export function dnsSeparator(text: string, sibling: Identity): string | undefined {
  let separator: string | undefined;
  const known = [...sibling.services, sibling.workload].map(escapeRegExp).join('|');
  const hosts = text.match(new RegExp(`(?<![\\w./-])(?:${known})(?:\\.[a-z0-9-]+)+`, 'gi')) ?? [];
  replaceDns(text, [...sibling.services, sibling.workload, ...hosts, ...sibling.hosts], sibling.helpers, (join) => {
    separator ??= join;
    return '';
  });
  return separator;
}

/**
 * Replaces the DNS names: a run of the sibling's names that stands behind `-dns`, or behind the selector and is no path.
 * @param write given what stands between the names of a run.
 */
function replaceDns(
  text: string,
  names: readonly string[],
  helpers: readonly string[],
  write: (join: string | undefined) => string,
): string {
  const selector = Math.max(...helpers.map((name) => text.lastIndexOf(name)));
  const name = `(?:${[...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .map(escapeRegExp)
    .join('|')})(?![\\w.-])`;
  const between = `(?:,[ ]?|(?:[ \\t]|\\\\\\r?\\n)+(?:--?dns[= ])?)`;
  const pattern = new RegExp(`(?<![\\w./:-])(${name})((?:${between}${name})*)`, 'g');
  return text.replace(pattern, (run: string, _first: string, rest: string, offset: number) => {
    const flag = /(?:(?:[ \t]|\\\r?\n)+)--?dns[= ]["']?$/.exec(text.slice(0, offset))?.[0];
    if (flag === undefined && (selector === -1 || offset < selector)) return run;
    const join = rest === '' ? flag?.replace(/["']$/, '') : new RegExp(`^${between}`).exec(rest)?.[0];
    return write(join);
  });
}
