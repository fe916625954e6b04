/** How a platform's charts tell environments apart: what each is called there, and the file with its values. */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import type { Profile } from './profile';

type HelmProfile = NonNullable<Profile['helm']>;

/** What the platform calls an environment in its files: `production`. */
export function environmentName(helm: HelmProfile | undefined, environment: Environment): string {
  return helm?.environmentNames[environment] ?? environment;
}

/** What the platform calls its environments, those of a spec alone where one is given. */
export function environmentNames(helm: HelmProfile | undefined, wanted?: readonly Environment[]): string[] {
  const all = helm?.environments ?? [];
  return all
    .filter((environment) => wanted?.includes(environment) ?? true)
    .map((environment) => environmentName(helm, environment));
}

/** The file with the values of an environment, from the chart's folder: `values-prod.yaml`, `prod/values.yaml`. */
export function environmentValues(helm: HelmProfile, environment: Environment): string {
  return helm.environmentValues.replaceAll('{environment}', environmentName(helm, environment));
}

/** Whether a name of an environment is that of the real thing, which a person syncs. */
export function isProduction(name: string | undefined): boolean {
  return name !== undefined && /^(?:prod|production|prd|live)$/i.test(name);
}
