/** Guesses about Traefik where routes are labels of containers and no dynamic file has them. */
import type { ComposeService } from '../observe/compose-file';
import { labelledRules } from '../observe/hosts';
import { readYaml } from '../observe/read-yaml';
import { mergeTraefikFiles, readTraefikFile } from '../observe/traefik-file';
import type { Tree } from '../types';
import { readLayout } from './compose-layout';
import { domainOfLabels } from './domain';
import { isInUse, mostCommon, type Guesses } from './guess';
import { asRecord } from '../yaml/read';
import { asksForSignIn } from './sign-in';
import type { TraefikGuess } from './traefik';

/** @param routers how many routers a dynamic file has: the place with more of them is where new ones go. */
export function detectTraefikLabels(tree: Tree, guesses: Guesses, routers: number): TraefikGuess | undefined {
  const files = readLayout(tree)?.files ?? [];
  const services = files.flatMap((file) => file.services);
  const rules = services.flatMap((service) => labelledRules(service));
  if (rules.length <= routers) return undefined;
  guesses.note('traefik.labels', true, `${rules.length} routers are labels of containers`);
  const domain = domainOfLabels(tree, files, guesses);
  return {
    traefik: {
      labels: true,
      backend: 'container',
      middlewares: houseMiddlewares(tree, services, guesses),
    },
    ...(domain === undefined ? {} : { domain }),
  };
}

/** The middleware with forward authentication that most routers name, and what most of those name that ask nobody to sign in. */
function houseMiddlewares(tree: Tree, services: readonly ComposeService[], guesses: Guesses): Record<string, string[]> {
  const labels = services.flatMap((service) => Object.entries(service.labels));
  const inLabels = middlewaresOfLabels(labels);
  // One service with three routers has one habit, not three.
  const lists = services.flatMap((service) => {
    const said = Object.entries(service.labels).flatMap(([name, value]) =>
      /^traefik\.http\.routers\.[^.]+\.middlewares$/i.test(name) ? [value] : [],
    );
    return [...new Set(said)].map((value) => value.split(',').map((one) => one.trim()));
  });
  const inFiles = lists.flat().some((name) => name.endsWith('@file')) ? middlewaresOfFiles(tree) : {};
  const known = { ...inFiles, ...inLabels };
  const asks = (name: string): boolean => asksForSignIn(known, name);
  const found: Record<string, string[]> = {};
  const common = mostCommon(lists.flat().filter(asks));
  if (common) {
    const evidence = `asks for sign-in and is used by ${common.count} routers`;
    found['forwardAuth'] = guesses.note('traefik.middlewares.forwardAuth', [common.value], evidence) ?? [];
  }
  // Only what is known to ask nobody: a name that nothing defines may be anything.
  const isOpen = (name: string): boolean => {
    const middleware = asRecord(known[name.replace(/@.*$/, '')]);
    // What only sends people to HTTPS is for the router that has none.
    return middleware !== undefined && !asks(name) && !Object.keys(middleware).some((kind) => /^redirect/i.test(kind));
  };
  const open = mostCommon(lists.filter((names) => names.every(isOpen)).map((names) => names.join(',')));
  if (open && open.count > 1) {
    const names = open.value.split(',');
    found['public'] =
      guesses.note('traefik.middlewares.public', names, `${open.count} routers that ask nobody to sign in`) ?? [];
    found['ownOauth'] = names;
  }
  return found;
}

/** The middlewares that labels define, by name, as far as it matters who asks for sign-in: kinds, and what chains lead to. */
function middlewaresOfLabels(labels: readonly (readonly [string, string])[]): Record<string, Record<string, unknown>> {
  const found: Record<string, Record<string, unknown>> = {};
  for (const [label, value] of labels) {
    const [, name, kind] = /^traefik\.http\.middlewares\.([^.]+)\.([^.]+)/i.exec(label) ?? [];
    if (name === undefined || kind === undefined) continue;
    const middleware = (found[name] ??= {});
    if (/^forwardauth$/i.test(kind)) middleware['forwardAuth'] = {};
    else if (/^chain$/i.test(kind)) middleware['chain'] = { middlewares: value.split(',').map((one) => one.trim()) };
    else middleware[kind] = {};
  }
  return found;
}

/** The middlewares that dynamic files define, by name. */
function middlewaresOfFiles(tree: Tree): Readonly<Record<string, unknown>> {
  const files = tree.paths
    .filter((path) => /\.ya?ml$/i.test(path) && isInUse(path) && /^[ \t]+middlewares:/m.test(tree.read(path) ?? ''))
    .flatMap((path) => {
      const yaml = readYaml(tree, path);
      return yaml ? [readTraefikFile(yaml)] : [];
    });
  return mergeTraefikFiles('', files).middlewareFields;
}
