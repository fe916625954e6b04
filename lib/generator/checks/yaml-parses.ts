/** Every YAML and JSON file of the change parses, by a strict reader: duplicate keys and tabs count as faults. Chart templates are Helm's to read. */
import { parseWhole } from '../yaml/parse';
import { plural, verdict, type Check } from './check';

export const yamlParses: Check = {
  id: 'yaml-parses',
  name: 'YAML and JSON parse',
  run({ plan, profile }) {
    const charts = profile.helm?.charts.replace(/\/+$/, '');
    const faults: string[] = [];
    const seen: string[] = [];
    for (const { path, after } of plan.files) {
      if (after === null) continue;
      if (charts !== undefined && path.startsWith(`${charts}/`) && path.includes('/templates/')) continue;
      if (/\.ya?ml$/i.test(path)) {
        const refusal = parseWhole(after, path);
        if (refusal) faults.push(`${path}:${refusal.line ?? 1}: ${refusal.reason}`);
      } else if (/\.json$/i.test(path)) {
        const reason = jsonFault(after);
        if (reason !== undefined) faults.push(`${path}: ${reason}`);
      } else continue;
      seen.push(path);
    }
    return verdict(faults, `${plural(seen.length, 'file')} read without a fault.`, seen);
  },
};

function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
