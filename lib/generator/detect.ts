/**
 * Guesses a profile where a platform repository has none, and says from what. A guess is only ever a proposal: the portal shows it, and a
 * `slipway.yaml` replaces it as a whole.
 */
import { overlaps } from '@/lib/services/port-range';
import { detectArgo, detectCharts } from './detect/charts';
import { detectCompose } from './detect/compose';
import { detectDelivery } from './detect/delivery';
import { domainOfRoutes, platformName } from './detect/domain';
import { Guesses, mostCommon } from './detect/guess';
import { detectObservability } from './detect/observability';
import { placePool } from './detect/pool';
import { detectPorts } from './detect/ports';
import { detectRunbooks } from './detect/runbooks';
import { detectAws, detectSecrets } from './detect/secrets';
import { detectSpiffe } from './detect/spiffe';
import { detectTraefik } from './detect/traefik';
import { listPools } from './observe/ports';
import { observeServices } from './observe/services';
import { Profile } from './profile';
import type { Inference, Tree } from './types';

/** The profile that the tree suggests, with the evidence for each key. Pure, and total: an empty tree gives the barest profile. */
export function detectProfile(tree: Tree): { profile: Profile; inferences: Inference[] } {
  const guesses = new Guesses();
  const { ports, categories, host } = detectPorts(tree, guesses);
  const { compose, naming } = detectCompose(tree, guesses);
  const { traefik, domain = domainOfRoutes(tree, guesses) } = detectTraefik(tree, guesses);
  const helm = detectCharts(tree, guesses);
  const argocd = detectArgo(tree, guesses);
  const delivery = detectDelivery(tree, guesses);
  const runbooks = detectRunbooks(tree, guesses);
  const observability = detectObservability(tree, guesses);
  const { secrets, prefix } = detectSecrets(tree, guesses);
  const aws = detectAws(tree, guesses);
  const spiffe = detectSpiffe(tree, guesses);
  const { name, evidence } =
    typeof naming['project'] === 'string'
      ? { name: naming['project'], evidence: 'the project that containers are labelled with' }
      : platformName(tree, domain);
  guesses.note('platform.name', name, evidence);
  if (domain === undefined) guesses.note('platform.domain', 'localhost', 'no route names a host');
  const profile = Profile.parse({
    platform: { name, domain: domain ?? 'localhost', ...(host === undefined ? {} : { host }) },
    naming: { ...naming, ...(prefix === undefined ? {} : { secretPrefix: prefix }) },
    categories,
    ...(ports ? { ports } : {}),
    ...(compose ? { compose } : {}),
    ...(traefik ? { traefik } : {}),
    ...(secrets ? { secrets } : {}),
    ...(aws ? { aws } : {}),
    ...(spiffe ? { spiffe } : {}),
    ...(helm ? { helm } : {}),
    ...(argocd ? { argocd } : {}),
    ...(delivery ? { delivery } : {}),
    ...(runbooks ? { runbooks } : {}),
    ...(observability ? { observability } : {}),
  });
  placePool(tree, profile, guesses);
  placeCategories(tree, profile, guesses);
  return { profile, inferences: guesses.inferences };
}

/** A category's stack is where the services with ports of its pool run; the default is the stack with the most services, if not the root. */
function placeCategories(tree: Tree, profile: Profile, guesses: Guesses): void {
  const { compose } = profile;
  if (!compose || Object.keys(compose.stacks).length === 0 || compose.perService !== undefined) return;
  const services = observeServices(tree, profile);
  const pools = new Map(listPools(tree, profile).map((pool) => [pool.name, pool]));
  for (const [name, category] of Object.entries(profile.categories)) {
    const pool = pools.get(category.pool ?? name);
    if (!pool) continue;
    const inside = services.filter((service) => service.ports.some((port) => overlaps(port.range, pool)));
    const stack = mostCommon(inside.flatMap((service) => service.stack ?? []));
    if (!stack) continue;
    category.stack = stack.value;
    guesses.note(
      `categories.${name}.stack`,
      stack.value,
      `${stack.count} of ${stack.of} services with ports of ${pool.name} run there`,
    );
  }
  const largest = mostCommon(services.flatMap((service) => service.stack ?? []));
  // A root with more services than any stack is where things go, unless it only repeats theirs.
  const rootAlone = services.filter((service) => service.stack === undefined && service.file === compose.root).length;
  if (!largest || rootAlone >= largest.count) return;
  compose.defaultStack = largest.value;
  guesses.note('compose.defaultStack', largest.value, `the stack with the most services, ${largest.count}`);
}
