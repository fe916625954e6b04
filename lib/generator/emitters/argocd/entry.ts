/** An entry for a service, after the entries beside it: what is the name in them, what the environment, and what is the same for all. */
import { isProduction } from '../../chart-environments';
import { asText } from '../../yaml/read';
import { nameKeyOf, type EntryTarget } from './sets';
import { environmentIn, fill, mostCommon, toJsonPattern, toPattern, type Subject } from './words';

type Fields = Record<string, unknown>;

/** An entry that is there. */
export interface Sibling extends Subject {
  key: string | number;
  fields: Fields;
}

/** Keys that switch syncing by itself on: never for prod. */
const SYNCS = /^(auto_?sync|automated|self_?heal|prune)$/i;

export interface LearnedEntries {
  nameKey: string | undefined;
  environmentKey: string | undefined;
  siblings: Sibling[];
  /** Whether there is an entry for each environment. */
  perEnvironment: boolean;
}

/** Which entries are there, for which service and environment. */
export function learnEntries(target: EntryTarget, environments: readonly string[]): LearnedEntries {
  const nameKey = target.form === 'list' ? nameKeyOf(target) : undefined;
  const keys = new Set(target.items.flatMap(({ fields }) => Object.keys(fields)));
  const environmentKey = [...keys].find((key) => {
    const values = target.items.flatMap(({ fields }) => asText(fields[key]) ?? []);
    return values.length > 0 && values.every((value) => environments.includes(value));
  });
  const siblings = target.items.map(({ key, fields }): Sibling => {
    const name = nameKey === undefined ? String(key) : (asText(fields[nameKey]) ?? '');
    const named = environmentIn(name, environments);
    const environment = environmentKey === undefined ? named : asText(fields[environmentKey]);
    return {
      key,
      fields,
      environment,
      service: named === undefined ? name : name.replace(new RegExp(`-${named}$`), ''),
    };
  });
  return { nameKey, environmentKey, siblings, perEnvironment: siblings.some((one) => one.environment !== undefined) };
}

/** The entry of a subject, and the keys whose values the others do not agree on: those are a neighbour's. */
export function entryFor(
  subject: Subject,
  { siblings, nameKey, environmentKey }: LearnedEntries,
): { key: string; fields: Fields; doubtful: string[] } {
  const others = siblings.filter((one) => one.service !== subject.service);
  const same = others.filter((one) => one.environment === subject.environment);
  const models = same.length > 0 ? same : others;
  const doubtful: string[] = [];
  const fields: Fields = {};
  const order = [...models].sort((a, b) => Object.keys(b.fields).length - Object.keys(a.fields).length)[0];
  for (const key of Object.keys(order?.fields ?? {})) {
    const having = models.filter((one) => one.fields[key] !== undefined);
    if (having.length * 2 < models.length) continue;
    const patterns = having.map((one) => toJsonPattern(one.fields[key], one));
    if (key !== nameKey && key !== environmentKey && new Set(patterns).size > 1) doubtful.push(key);
    const pattern = mostCommon(patterns) ?? '""';
    const value = JSON.parse(fill(pattern, subject)) as unknown;
    fields[key] = isProduction(subject.environment) && SYNCS.test(key) && value === true ? false : value;
  }
  const keyPattern = mostCommon(models.map((one) => toPattern(String(one.key), one))) ?? '{service}';
  return { key: fill(keyPattern, subject), fields, doubtful };
}
