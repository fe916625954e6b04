/** Names as patterns: what of a text is the service's name and what the environment's, so that a sibling's text can be written for another. */

/** A service in an environment; the latter is unknown where files do not tell them apart. */
export interface Subject {
  service: string;
  environment?: string | undefined;
}

/** `ravenhelm-dev` of bifrost in dev is `ravenhelm-{environment}`; `charts/bifrost` is `charts/{service}`. */
export function toPattern(text: string, { service, environment }: Subject): string {
  const named = text.replace(word(service), '$1{service}');
  return environment === undefined ? named : named.replace(word(environment), '$1{environment}');
}

/** A value as JSON with the names in its texts as patterns, so that values can be counted; its keys stay. */
export function toJsonPattern(value: unknown, subject: Subject): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? toPattern(one, subject) : one));
}

/** The pattern for a subject. */
export function fill(pattern: string, { service, environment }: Subject): string {
  return pattern.replaceAll('{service}', service).replaceAll('{environment}', environment ?? '');
}

/** The value that most have, the first of equals; undefined where none has one. */
export function mostCommon(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The environment that stands in a text as a word. */
export function environmentIn(text: string, environments: readonly string[]): string | undefined {
  return environments.find((one) => new RegExp(`(^|[^A-Za-z0-9])${one}(?![A-Za-z0-9])`).test(text));
}

/** A part of a name between anything that is no letter and no digit. */
function word(text: string): RegExp {
  return new RegExp(`(^|[^A-Za-z0-9])${text.replace(/[^A-Za-z0-9-]/g, '\\$&')}(?![A-Za-z0-9])`, 'g');
}
