/** The labels of targets, as the others have them. */
import { containerNameOf } from '../../container-name';
import type { EmitContext } from '../../types';
import type { StaticConfig } from './config';

/** The labels that most of the others have, with what they say of this service; constants that all share are copied. */
export function labelsLike(configs: readonly StaticConfig[], context: EmitContext): Record<string, string> {
  const { manifest } = context;
  const known: Readonly<Record<string, string>> = {
    service: manifest.name,
    app: manifest.name,
    name: manifest.name,
    job: manifest.name,
    component: manifest.name,
    container: containerNameOf(context),
    team: manifest.owner,
    owner: manifest.owner,
    category: manifest.category,
    group: manifest.category,
    tier: manifest.category,
  };
  const keys = [...new Set(configs.flatMap((config) => Object.keys(config.labels)))];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const values = configs.flatMap((config) => config.labels[key] ?? []);
      if (values.length * 2 <= configs.length) return [];
      const shared = values.every((value) => value === values[0]) && configs.length > 1 ? values[0] : undefined;
      const value = shared ?? known[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
