/** The uid that a service's dashboard is found by. */

/** Grafana takes at most 40 characters for a uid. A longer name keeps its start, and a figure of the whole of it. */
export function dashboardUid(name: string): string {
  if (name.length <= 40) return name;
  let figure = 0x811c9dc5;
  for (const character of name) figure = Math.imul(figure ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return `${name.slice(0, 31).replace(/-+$/, '')}-${figure.toString(16).padStart(8, '0')}`;
}
