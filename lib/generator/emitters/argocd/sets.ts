/** ApplicationSets and apps-of-apps: the lists and maps that make applications out of entries, and the generators that look at the repository. */
import { placeAt, type Entry, type YamlPath } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { readYaml } from '../../observe/read-yaml';
import { environmentNames } from '../../chart-environments';
import type { Profile } from '../../profile';
import type { Tree } from '../../types';
import { manifestsOf } from './applications';
import { environmentIn } from './words';

/** A list or map that takes an entry for each service, or for each service and environment. */
export interface EntryTarget {
  yaml: ParsedYaml;
  path: YamlPath;
  form: 'list' | 'map';
  entries: readonly Entry[];
  items: readonly { key: string | number; fields: Record<string, unknown> }[];
  /** The only environment that it is for, where its file is called after one. */
  environment?: string;
  /** Whether what it makes syncs by itself, prod too. */
  automated: boolean;
}

const NAME_KEYS = ['service', 'name', 'app', 'appName', 'application', 'component', 'chart'] as const;

/** The key under which entries name their service. */
export function nameKeyOf(target: EntryTarget): string | undefined {
  return NAME_KEYS.find((key) => target.items.some(({ fields }) => asText(fields[key]) !== undefined));
}

/** Where entries go: the file that the profile names, else every list or map in the tree that has one for each service. */
export function entryTargets(tree: Tree, profile: Profile): EntryTarget[] {
  const environments = environmentNames(profile.helm);
  const named = profile.argocd?.entries;
  if (named) {
    const yaml = readYaml(tree, named.file);
    if (!yaml) return [];
    const section = named.section?.split('.');
    const paths = section ? [resolve(yaml, section)] : [...elementPaths(yaml), ...applicationPaths(yaml)];
    return paths.flatMap((path) => targetAt(yaml, path, environments) ?? []).slice(0, 1);
  }
  const sets = manifestsOf(tree, 'ApplicationSet').flatMap(({ yaml }) =>
    elementPaths(yaml).flatMap((path) => targetAt(yaml, path, environments) ?? []),
  );
  const parents = valuesOfParents(tree).flatMap(({ path, section }) => {
    const yaml = readYaml(tree, path);
    return (yaml && targetAt(yaml, [section], environments)) ?? [];
  });
  return [...sets, ...parents].filter((target) => target.form === 'map' || nameKeyOf(target) !== undefined);
}

/** A section as a path, list items by their number. */
function resolve(yaml: ParsedYaml, section: readonly string[]): YamlPath {
  let value: unknown = yaml.toJs();
  return section.map((step) => {
    const list = asList(value);
    value = list ? list[Number(step)] : asRecord(value)?.[step];
    return list ? Number(step) : step;
  });
}

/** Generators at any depth: those of a matrix and of a merge among them. */
function generatorsOf(
  parent: Record<string, unknown> | undefined,
  path: YamlPath = ['spec'],
): { generator: Record<string, unknown>; path: YamlPath }[] {
  return (asList(parent?.['generators']) ?? []).flatMap((item, index) => {
    const generator = asRecord(item);
    if (!generator) return [];
    const at = [...path, 'generators', index];
    return [
      { generator, path: at },
      ...(['matrix', 'merge'] as const).flatMap((kind) => generatorsOf(asRecord(generator[kind]), [...at, kind])),
    ];
  });
}

function elementPaths(yaml: ParsedYaml): YamlPath[] {
  const root = asRecord(yaml.toJs());
  return generatorsOf(asRecord(root?.['spec'])).flatMap(({ generator, path }) =>
    asRecord(generator['list'])?.['elements'] === undefined ? [] : [[...path, 'list', 'elements']],
  );
}

/** `applications:` or `apps:` at the top of a values file, or one level below. */
function applicationPaths(yaml: ParsedYaml): YamlPath[] {
  const root = asRecord(yaml.toJs()) ?? {};
  const inside = (fields: Record<string, unknown>, path: YamlPath) =>
    ['applications', 'apps'].flatMap((key) => (fields[key] === undefined ? [] : [[...path, key]]));
  return [...inside(root, []), ...Object.entries(root).flatMap(([key, value]) => inside(asRecord(value) ?? {}, [key]))];
}

/** Values of charts whose templates make an Application for each entry: the file, and the key that they range over. */
function valuesOfParents(tree: Tree): { path: string; section: string }[] {
  return tree.paths
    .filter((path) => /\/templates\/[^/]+\.ya?ml$/.test(path))
    .flatMap((path) => {
      const text = tree.read(path) ?? '';
      const section = /\{\{-?\s*range\b[^}]*?\.Values\.(\w+)/.exec(text)?.[1];
      if (section === undefined || !/^\s*kind:\s*Application\s*$/m.test(text)) return [];
      const chart = path.slice(0, path.indexOf('/templates/'));
      return tree.paths
        .filter((one) => one.startsWith(`${chart}/values`) && /^values[^/]*\.ya?ml$/.test(one.slice(chart.length + 1)))
        .map((one) => ({ path: one, section }));
    });
}

function targetAt(yaml: ParsedYaml, path: YamlPath, environments: readonly string[]): EntryTarget | undefined {
  const root = yaml.toJs();
  const value = path.reduce<unknown>(
    (current, step) => (typeof step === 'number' ? asList(current)?.[step] : asRecord(current)?.[step]),
    root,
  );
  const list = asList(value);
  const record = asRecord(value);
  if (!list && !record) return undefined;
  const place = placeAt(yaml, path);
  const template = asRecord(asRecord(asRecord(root)?.['spec'])?.['template']);
  const name = asText(asRecord(asRecord(root)?.['metadata'])?.['name']) ?? '';
  const environment = environmentIn(`${yaml.path} ${name}`, environments);
  return {
    yaml,
    path,
    form: list ? 'list' : 'map',
    entries: place.kind === 'map' || place.kind === 'sequence' ? place.entries : [],
    items: list
      ? list.map((item, key) => ({ key, fields: asRecord(item) ?? {} }))
      : Object.entries(record ?? {}).map(([key, item]) => ({ key, fields: asRecord(item) ?? {} })),
    ...(environment === undefined ? {} : { environment }),
    automated: asRecord(asRecord(template?.['spec'])?.['syncPolicy'])?.['automated'] !== undefined,
  };
}
