/** Guesses about the platform's own names: the domain that its hosts end with, and what it is called. */
import type { ComposeFile } from '../observe/compose-file';
import { environmentFiles } from '../observe/environment-files';
import { writtenHosts } from '../observe/host-variables';
import { labelledRules } from '../observe/hosts';
import type { Tree } from '../types';
import { isInUse, mostCommon, type Guesses } from './guess';

const DOMAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
/** What people write where a reader is to put their own. */
const PLACEHOLDER = /^(?:example|your|my|domain|changeme|acme|home|lan|local|internal|test)/i;
const NO_TITLE = /^(?:read-?me|description|introduction|overview|about|contents|table-of-contents|documentation)$/;

interface Ending {
  domain: string;
  /** Where it was read. */
  from: string;
}

/** The domain that most hosts in labels end with; a variable there is looked up in environment files, examples of them, or its default. */
export function domainOfLabels(tree: Tree, files: readonly ComposeFile[], guesses: Guesses): string | undefined {
  const rules = files.flatMap((file) => file.services.flatMap((service) => labelledRules(service)));
  const rests = rules
    .flatMap(({ rule }) => writtenHosts(rule))
    .flatMap((host) => /^[a-z0-9-]+\.(.+)$/i.exec(host)?.[1] ?? []);
  const variables = rests.some((rest) => rest.includes('$')) ? environmentOf(tree) : new Map<string, Ending>();
  const endings = rests.flatMap((rest): Ending[] => {
    if (DOMAIN.test(rest)) return [{ domain: rest.toLowerCase(), from: 'hosts in labels' }];
    const [, name = '', plain] = /^\$(?:\{(\w+)(?::?-([^}]*))?\}|\w+)$/.exec(rest) ?? [];
    const known = variables.get(name === '' ? rest.slice(1) : name);
    if (known) return [known];
    return plain !== undefined && DOMAIN.test(plain) ? [{ domain: plain, from: `the default of ${name}` }] : [];
  });
  return noted(endings, guesses);
}

/** The domain of Ingresses, routes and a Caddyfile, where Traefik names none. */
export function domainOfRoutes(tree: Tree, guesses: Guesses): string | undefined {
  const endings = tree.paths.flatMap((path): Ending[] => {
    if (!isInUse(path)) return [];
    const isCaddy = /(?:^|\/)Caddyfile$/.test(path);
    const text = isCaddy || /\.ya?ml$/i.test(path) ? (tree.read(path) ?? '') : '';
    if (!isCaddy && !/^kind: *(?:Ingress|HTTPRoute|IngressRoute) *\r?$/m.test(text)) return [];
    const hosts = isCaddy
      ? text.matchAll(/^(?:https?:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]+){2,})(?::\d+)?[^\n]*\{[ \t]*\r?$/gim)
      : text.matchAll(/^\s*-\s+(?:host: *)?["']?([a-z0-9-]+(?:\.[a-z0-9-]+){2,})["']?[ \t]*\r?$/gim);
    return [...hosts].map(([, host = '']) => ({ domain: host.slice(host.indexOf('.') + 1).toLowerCase(), from: path }));
  });
  return noted(endings, guesses);
}

/** What the platform is called: after its domain, unless that is a placeholder, else after the title of its README. */
export function platformName(tree: Tree, domain: string | undefined): { name: string; evidence: string } {
  if (domain !== undefined && !PLACEHOLDER.test(domain)) {
    const [name = 'platform'] = domain.split('.');
    return { name, evidence: 'from the domain' };
  }
  const path = tree.paths.find((one) => /^readme\.md$/i.test(one));
  const title =
    /^\ufeff?#[ \t]+(.+?)[ \t]*\r?$/m.exec((path === undefined ? undefined : tree.read(path)) ?? '')?.[1] ?? '';
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  // A sentence, a picture or a heading of the page is no name.
  const isName = name !== '' && name.length <= 30 && !/[[<!]/.test(title) && !NO_TITLE.test(name);
  return isName
    ? { name, evidence: `the title of ${path ?? 'the README'}` }
    : { name: 'platform', evidence: 'nothing names it' };
}

function noted(endings: readonly Ending[], guesses: Guesses): string | undefined {
  const most = mostCommon(endings.map((one) => one.domain));
  const from = endings.find((one) => one.domain === most?.value)?.from;
  return guesses.note(
    'platform.domain',
    most?.value,
    `${most?.count ?? 0} of ${most?.of ?? 0} hosts end so: ${from ?? ''}`,
  );
}

/** Variables with a domain for their value, in environment files and examples of them; the first that says one counts. */
function environmentOf(tree: Tree): Map<string, Ending> {
  const found = new Map<string, Ending>();
  for (const { path, variables } of environmentFiles(tree))
    for (const [name, value] of variables)
      if (DOMAIN.test(value) && !/^\d[\d.]*$/.test(value) && !found.has(name))
        found.set(name, { domain: value.toLowerCase(), from: `${name} in ${path}` });
  return found;
}
