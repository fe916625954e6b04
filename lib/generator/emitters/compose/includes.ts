/** The line of a list of includes that leads to a service's own file: written as its siblings are, and where they stand. */
import { readComposeFile } from '../../observe/compose-file';
import { includesOf } from '../../observe/includes';
import { segments, sharedSegments } from '../../observe/kinship';
import { readYaml } from '../../observe/read-yaml';
import type { EmitContext } from '../../types';
import { bannerBefore } from '../../yaml/gap';
import { insertSequenceItem, type InsertResult } from '../../yaml/insert';
import { nodeAt, placeAt, type Entry } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { Quoted, type YamlValue } from '../../yaml/render';
import { toYamlValue } from './shared-nodes';
import { isScalar } from 'yaml';

/** One include that names one file, as it is written and where it leads. */
interface Include {
  index: number;
  item: unknown;
  written: string;
  path: string;
}

/** Inserts the include of `path` into the file `from`; undefined where it is there already, or the file cannot be read. */
export function includeLine(context: EmitContext, from: string, path: string): InsertResult | undefined {
  const yaml = readYaml(context.tree, from);
  if (!yaml) return undefined;
  const includes = readIncludes(context, yaml);
  if (includes.some((one) => one.path === path)) return undefined;
  const place = placeAt(yaml, ['include']);
  const entries = place.kind === 'sequence' ? place.entries : [];
  const pieces = includes.filter((one) => templateOf(one, path) !== undefined);
  const after = behind(context, yaml, pieces, entries, path);
  const model = after ?? pieces.at(-1);
  const written = (model && templateOf(model, path)) ?? `./${path}`;
  return insertSequenceItem(yaml, ['include'], itemLike(yaml, model, written), after ? { after: after.index } : {});
}

/** Where the include of a file stands in the list of another; undefined where it does not. */
export function includeOf(context: EmitContext, from: string, path: string): number | undefined {
  const yaml = readYaml(context.tree, from);
  return yaml && readIncludes(context, yaml).find((one) => one.path === path)?.index;
}

function readIncludes({ tree }: EmitContext, yaml: ParsedYaml): Include[] {
  const file = readComposeFile(yaml);
  const items = asList(asRecord(yaml.toJs())?.['include']) ?? [];
  const paths = includesOf(tree, file);
  const single = items.every((item) => writtenPath(item) !== undefined) && paths.length === items.length;
  return items.flatMap((item, index) => {
    const written = writtenPath(item);
    const path = single ? paths[index] : undefined;
    return written === undefined || path === undefined ? [] : [{ index, item, written, path }];
  });
}

function writtenPath(item: unknown): string | undefined {
  const path = asRecord(item)?.['path'] ?? item;
  const [only, ...more] = asList(path) ?? [path];
  return more.length === 0 ? asText(only) : undefined;
}

/** How this include would be written for another file: the same words, with what the two paths do not share exchanged. */
function templateOf({ written, path }: Include, wanted: string): string | undefined {
  const [own, other] = [path.split('/'), wanted.split('/')];
  if (own.length !== other.length) return undefined;
  const different = own.findIndex((part, index) => part !== other[index]);
  const tail = own.slice(different).join('/');
  if (different === -1 || !written.endsWith(tail) || own.length - different > 2) return undefined;
  return written.slice(0, -tail.length) + other.slice(different).join('/');
}

function itemLike(yaml: ParsedYaml, model: Include | undefined, written: string): YamlValue {
  const record = asRecord(model?.item);
  if (record)
    return Object.fromEntries(
      Object.entries(record).map(([key, value]): [string, YamlValue] => [
        key,
        key === 'path' ? (asList(value) ? [written] : written) : toYamlValue(value),
      ]),
    );
  const node = model && nodeAt(yaml, ['include', model.index]);
  const isQuoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
  return isQuoted ? new Quoted(written) : written;
}

/**
 * The include to stand behind: by the alphabet where the list goes by it, else the nearest by name, else the last under the banner that names the
 * category, else the last.
 */
function behind(
  { manifest, profile }: EmitContext,
  yaml: ParsedYaml,
  pieces: readonly Include[],
  entries: readonly Entry[],
  path: string,
): Include | undefined {
  const paths = pieces.map((one) => one.path);
  const isSorted = paths.length > 2 && paths.every((one, index) => index === 0 || (paths[index - 1] ?? '') <= one);
  if (isSorted) return pieces.filter((one) => one.path < path).at(-1) ?? pieces.at(-1);
  const word = (one: string): string =>
    one
      .split('/')
      .at(-1)
      ?.replace(/\.ya?ml$/i, '') ?? one;
  const wanted = new Set(segments(`${manifest.category} ${profile.categories[manifest.category]?.title ?? ''}`));
  const banners: string[] = [];
  entries.forEach((entry, index) => {
    const banner = bannerBefore(yaml.text, entry, entries[index - 1]?.end ?? 0);
    banners.push(banner ?? banners.at(-1) ?? '');
  });
  const score = (one: Include): number =>
    10 * sharedSegments(word(one.path), manifest.name) +
    (segments(banners[one.index] ?? '').some((part) => wanted.has(part)) ? 5 : 0);
  const most = Math.max(0, ...pieces.map(score));
  return pieces.filter((one) => score(one) === most).at(-1);
}
