/** Under which host a block lets people in: in one values file there is one for all environments, so it must be plain which one the others use. */
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import type { YamlValue } from '../../yaml/render';
import { ingressAccess } from '../helm-chart/access';
import type { House } from './block';

/** What the host brings to a block: its fields, where people come back to after signing in, and what finds no place. */
export interface HostFields {
  fields: Record<string, YamlValue>;
  variables: Record<string, string>;
  homeless: string[];
}

/** The host of a routed service, where the blocks have a place for it and for what guards it. */
export function hostFields(manifest: ResolvedManifest, profile: Profile, house: House): HostFields {
  const { helm } = profile;
  const none = (...homeless: string[]): HostFields => ({ fields: {}, variables: {}, homeless });
  if (!manifest.routing || !helm) return none();
  const { annotations, guarded } = ingressAccess(manifest, helm);
  const wanted = Object.keys(annotations).length > 0;
  const field = house.find(['ingress', 'host']);
  const nested = field?.examples.map(asRecord).find((one) => one !== undefined);
  const host = hostLikeOthers(manifest, profile, house);
  if (!field || field.examples.length === 0 || host === undefined || (nested && !('host' in nested)))
    return none('its host');
  if (!guarded) return none('its host: nothing would ask people to sign in before it');
  if (wanted && !(nested && hasAnnotations(house, field.key)))
    return none('its host: there is no place for the annotations that go with it');
  const entry = {
    ...(nested && 'enabled' in nested ? { enabled: true } : {}),
    host,
    ...(wanted ? { annotations } : {}),
  };
  const { oauth } = manifest.security;
  return {
    fields: { [field.key]: nested ? entry : host },
    variables: oauth ? { [oauth.callbackEnvironment]: `https://${host}${oauth.callbackPath}` } : {},
    homeless: [],
  };
}

function hasAnnotations(house: House, key: string): boolean {
  return house.blocks.some((block) => 'annotations' in (asRecord(block.fields[key]) ?? {}));
}

/** The host after the pattern that the other blocks follow: of an environment, or of the platform's own domain. */
function hostLikeOthers(manifest: ResolvedManifest, profile: Profile, house: House): string | undefined {
  const patterns = [...Object.values(profile.helm?.hosts ?? {}), `{service}.${profile.platform.domain}`];
  const hosts = house.blocks.flatMap((block) => {
    const host = asText(asRecord(block.fields['ingress'])?.['host']) ?? asText(block.fields['host']);
    return host === undefined ? [] : [{ name: block.name, host }];
  });
  const fill = (pattern: string, name: string) => pattern.replaceAll('{service}', name);
  const pattern = patterns.find((one) => hosts.some(({ name, host }) => fill(one, name) === host));
  return pattern === undefined ? undefined : fill(pattern, manifest.name);
}
