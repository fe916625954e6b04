/** Guesses about Traefik where routes are labels of containers and no dynamic file has them. */
import { readComposeFile, type ComposeService } from '../observe/compose-file';
import { labelledRules } from '../observe/hosts';
import { readYaml } from '../observe/read-yaml';
import { readRule } from '../observe/traefik-rule';
import type { Tree } from '../types';
import { baseName, isInUse, mostCommon, type Guesses } from './guess';
import type { TraefikGuess } from './traefik';

const COMPOSE_NAME = /^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;

/** @param routers how many routers a dynamic file has: the place with more of them is where new ones go. */
export function detectTraefikLabels(tree: Tree, guesses: Guesses, routers: number): TraefikGuess | undefined {
  const services = tree.paths
    .filter((path) => COMPOSE_NAME.test(baseName(path)) && isInUse(path))
    .flatMap((path) => {
      const yaml = readYaml(tree, path);
      return yaml ? readComposeFile(yaml).services : [];
    });
  const rules = services.flatMap((service) => labelledRules(service));
  if (rules.length <= routers) return undefined;
  guesses.note('traefik.labels', true, `${rules.length} routers are labels of containers`);
  const domain = mostCommon(
    rules
      .flatMap(({ rule }) => readRule(rule))
      .map(({ host }) => host.split('.').slice(1).join('.'))
      .filter((rest) => rest.includes('.')),
  );
  if (domain) guesses.note('platform.domain', domain.value, `${domain.count} of ${domain.of} hosts end so`);
  return {
    traefik: {
      labels: true,
      backend: 'container',
      middlewares: askingMiddlewares(services, guesses),
    },
    ...(domain ? { domain: domain.value } : {}),
  };
}

/** The middleware with forward authentication that most routers name. */
function askingMiddlewares(services: readonly ComposeService[], guesses: Guesses): Record<string, string[]> {
  const labels = services.flatMap((service) => Object.entries(service.labels));
  const asking = new Set(
    labels.flatMap(([name]) => /^traefik\.http\.middlewares\.([^.]+)\.forwardauth\./i.exec(name)?.[1] ?? []),
  );
  const used = labels
    .filter(([name]) => /^traefik\.http\.routers\.[^.]+\.middlewares$/i.test(name))
    .flatMap(([, value]) => value.split(',').map((one) => one.trim()));
  const common = mostCommon(used.filter((name) => asking.has(name.replace(/@.*$/, ''))));
  if (!common) return {};
  const evidence = `asks for sign-in and is used by ${common.count} routers`;
  return { forwardAuth: guesses.note('traefik.middlewares.forwardAuth', [common.value], evidence) ?? [] };
}
