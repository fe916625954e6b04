/** The routers, services and transports that were added, against Traefik's schema for dynamic files, read strictly. */
import { asRecord } from '../yaml/read';
import { addedToTraefik } from './added';
import { pass, plural, verdict, type Check } from './check';
import { schemaValidator } from './schema-validator';
import schema from './schemas/traefik-v3-dynamic-strict.json';

const validate = schemaValidator(schema);
const sections = ['routers', 'services', 'middlewares', 'serversTransports'];

export const traefikSchema: Check = {
  id: 'traefik-schema',
  name: 'Traefik schema',
  run(input) {
    const added = addedToTraefik(input);
    if (!added) return pass('Traefik’s file is not touched.');
    const seen: string[] = [];
    const http: Record<string, unknown> = {};
    for (const section of sections) {
      const names = added.added(section);
      if (names.length === 0) continue;
      const all = asRecord(added.http[section]) ?? {};
      http[section] = Object.fromEntries(names.map((name) => [name, all[name]]));
      seen.push(...names.map((name) => `${added.path}  http.${section}.${name}`));
    }
    if (seen.length === 0) return pass('Nothing was added under http.');
    const faults = validate({ http }).map((fault) => `${added.path}: ${fault}`);
    return verdict(faults, `${plural(seen.length, 'addition')} against Traefik’s schema, strictly.`, seen);
  },
};
