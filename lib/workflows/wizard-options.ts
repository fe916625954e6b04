/** What the wizard's form offers, by the platform's profile and main as it stands. */
import { env } from '@/lib/env';
import { observeServices } from '@/lib/generator/observe/services';
import type { WizardOptions } from '@/lib/wizard/preview';
import { currentRepository } from './read-repository';

/** @throws UpstreamError where the platform repository was never read and cannot be. */
export async function wizardOptions(): Promise<WizardOptions> {
  const { profile, tree, profileSource } = await currentRepository();
  const services = observeServices(tree, profile);
  const { platform, categories, compose } = profile;
  const owners = new Set([...profile.owners, ...Object.values(categories).flatMap(({ owner }) => owner ?? [])]);
  const networks = new Set(services.flatMap((service) => service.networks));
  const reserved = new Set([...(compose?.reservedNetworks ?? []), compose?.defaultNetwork]);
  return {
    platform: { name: platform.name, domain: platform.domain, host: platform.host },
    categories: Object.entries(categories).map(([name, { title, pool, stack, owner }]) => ({
      name,
      title: title ?? name,
      pool,
      stack,
      owner,
    })),
    owners: [...owners].sort(),
    stacks: Object.entries(compose?.stacks ?? {}).map(([name, file]) => ({ name, file })),
    networks: {
      defaultNetwork: compose?.defaultNetwork ?? 'default',
      others: [...networks].filter((name) => !reserved.has(name)).sort(),
    },
    services: services.map(({ name, stack }) => ({ name, stack })),
    kubernetes: profile.helm !== undefined,
    sharedChart: profile.helm?.shared !== undefined,
    rootFile: compose?.root,
    twinDomain: profile.traefik?.twin?.domain,
    oauthIssuer: profile.oauth?.issuer,
    delivery: profile.delivery !== undefined,
    profileSource,
    tracker: env().notion !== undefined,
  };
}
