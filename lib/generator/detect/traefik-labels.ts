/** Guesses about Traefik where routes are labels of containers and no dynamic file has them. */
import type { ComposeService } from '../observe/compose-file';
import { labelledRules } from '../observe/hosts';
import type { Tree } from '../types';
import { readLayout } from './compose-layout';
import { domainOfLabels } from './domain';
import { mostCommon, type Guesses } from './guess';
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
      middlewares: askingMiddlewares(services, guesses),
    },
    ...(domain === undefined ? {} : { domain }),
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
