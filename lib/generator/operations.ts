/** How people run a service on this platform: file, commands and links, as the profile says. */
import type { Profile } from './profile';
import type { ResolvedManifest } from './types';

/**
 * The Compose file that a service goes to: the stack it names, else its category's, else a file of its own where the platform keeps one for each
 * service, else the default stack, else the root file.
 */
export function composeFileOf(manifest: ResolvedManifest, profile: Profile): string | undefined {
  if (!manifest.runtime.compose || !profile.compose) return undefined;
  const { stacks, root, defaultStack, perService } = profile.compose;
  const named = manifest.runtime.compose.stack ?? profile.categories[manifest.category]?.stack;
  if (named === undefined && perService !== undefined) return perService.replaceAll('{service}', manifest.name);
  const stack = named ?? defaultStack;
  return (stack === undefined ? undefined : stacks[stack]) ?? root;
}

/** The file that the service itself stands in: its own, where the file that people start includes one for each service. */
export function servicesFileOf(manifest: ResolvedManifest, profile: Profile): string | undefined {
  const file = composeFileOf(manifest, profile);
  const piece = file === undefined ? undefined : profile.compose?.pieces[file];
  return piece?.replaceAll('{service}', manifest.name) ?? file;
}

/** A secret's full name in the secret store: with the platform's prefix, unless the spec wrote it already. */
export function storedSecretName(profile: Profile, name: string): string {
  const prefix = profile.naming.secretPrefix;
  return name.startsWith(prefix) ? name : `${prefix}${name}`;
}

/** The profile's own command that starts one service. */
export function startCommand(manifest: ResolvedManifest, template: string, file: string): string {
  return template.replaceAll('{file}', file).replaceAll('{service}', manifest.name);
}

/**
 * What the start command says in front of `up`, for other commands on the same project: `docker compose --env-file .env -f FILE`.
 * Where it is a script of its own, the plain command.
 */
export function composeCommand(template: string, file: string): string {
  const match = /^(docker[ -]compose\b.*?)\s+up\b/.exec(template);
  return (match?.[1] ?? 'docker compose -f {file}').replaceAll('{file}', file);
}

/** The environments that a service runs in; a service of Compose alone has the one that the platform itself is. */
export function environmentsOf(manifest: ResolvedManifest): string[] {
  return manifest.runtime.kubernetes ? [...new Set(manifest.runtime.kubernetes.environments)] : [];
}

/** A link of the profile for a service, once per environment where the template tells them apart. */
export function serviceLinks(
  template: string | undefined,
  manifest: ResolvedManifest,
  profile: Profile,
): { environment?: string; url: string }[] {
  if (template === undefined) return [];
  const fill = (environment: string) =>
    template
      .replaceAll('{service}', encodeURIComponent(manifest.name))
      .replaceAll('{host}', encodeURIComponent(manifest.routing?.host ?? profile.platform.domain))
      .replaceAll('{container}', encodeURIComponent(`${profile.naming.containerPrefix}${manifest.name}`))
      .replaceAll('{environment}', encodeURIComponent(environment));
  const environments = environmentsOf(manifest);
  if (!template.includes('{environment}') || environments.length === 0) return [{ url: fill('dev') }];
  return environments.map((environment) => ({ environment, url: fill(environment) }));
}

/** The command that asks an address, in quotes where the shell would read more into it (`?a=1&b=2`). */
export function curlCommand(url: string): string {
  return `curl -sk ${/^[\w./:~-]+$/.test(url) ? url : `'${url.replaceAll("'", '%27')}'`}`;
}
