/** A route in TOML, to be pasted into a dynamic file of that kind. */
import { defaultStyle } from '../../yaml/style';
import { Flow, Quoted, type YamlValue } from '../../yaml/render';
import type { RouteEntry } from './entries';

/** The entries as tables: `[http.routers.NAME]`, `[[http.services.NAME.loadBalancer.servers]]`. */
export function tomlText(entries: readonly RouteEntry[]): string {
  const tables = entries.map((entry) =>
    table(`http.${entry.section}.${keyOf(entry.name)}`, entry.write({ style: defaultStyle })),
  );
  return `${tables.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function table(name: string, value: YamlValue): string[] {
  const pairs = Object.entries((value ?? {}) as Record<string, YamlValue>);
  const simple = pairs.flatMap(([key, item]) => (isTable(item) || isTables(item) ? [] : [`${key} = ${scalar(item)}`]));
  const nested = pairs.flatMap(([key, item]) =>
    isTable(item)
      ? table(`${name}.${keyOf(key)}`, item)
      : isTables(item)
        ? item.flatMap((one) => [`[[${name}.${keyOf(key)}]]`, ...table('', one).slice(1)])
        : [],
  );
  const wanted = simple.length > 0 || pairs.length === 0;
  return [...(wanted ? [`[${name}]`] : []), ...simple, ...nested];
}

function isTable(value: YamlValue): value is { readonly [key: string]: YamlValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Quoted || value instanceof Flow)
  );
}

function isTables(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value) && value.every((one: YamlValue) => isTable(one));
}

function scalar(value: YamlValue): string {
  if (value instanceof Quoted) return JSON.stringify(value.text);
  const list = value instanceof Flow ? value.value : value;
  if (Array.isArray(list)) return `[${list.map((one: YamlValue) => scalar(one)).join(', ')}]`;
  return JSON.stringify(value);
}

function keyOf(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
}
