/** Guesses which environments the charts know, what they are called there and in which files their values are. */
import { manifestsOf } from '../emitters/argocd/applications';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import { isInUse, mostCommon, type Guesses } from './guess';

const WORDS = {
  dev: ['dev', 'develop', 'development'],
  staging: ['staging', 'stage', 'stg'],
  prod: ['prod', 'production', 'prd', 'live'],
} as const;

type Environment = keyof typeof WORDS;

export const environments = Object.keys(WORDS) as Environment[];

/** Every name that an environment goes by. */
export const environmentWords: ReadonlySet<string> = new Set(Object.values(WORDS).flat());

export interface EnvironmentsGuess {
  environments?: Environment[];
  environmentNames?: Partial<Record<Environment, string>>;
  environmentValues?: string;
}

/** A file with the values of an environment, as a pattern. */
interface Seen {
  chart: string;
  environment: Environment;
  word: string;
  pattern: string;
}

/** @param charts those with a chart for each service; where there are none, nothing is said of environments. */
export function detectEnvironments(tree: Tree, guesses: Guesses, charts: readonly string[]): EnvironmentsGuess {
  const [first] = charts;
  if (first === undefined) return {};
  const all = charts.flatMap((chart) => valuesFiles(tree, chart));
  const pattern = mostCommon(all.map((one) => one.pattern))?.value;
  const seen = all.filter((one) => one.pattern === pattern);
  // What one chart of many has is its own affair.
  const found = environments.filter(
    (environment) =>
      new Set(seen.flatMap((one) => (one.environment === environment ? one.chart : []))).size * 3 >= charts.length,
  );
  if (found.length === 0 || pattern === undefined) return environmentsOfApplications(tree, guesses, first);
  guesses.note('helm.environments', found, 'charts have values for them', first);
  const names = namesOf(found, seen);
  if (Object.keys(names).length > 0) guesses.note('helm.environmentNames', names, 'files are called so', first);
  if (pattern !== 'values-{environment}.yaml')
    guesses.note('helm.environmentValues', pattern, 'charts have their values so', first);
  return { environments: found, environmentNames: names, environmentValues: pattern };
}

/** The files of a chart that are an environment's: `values-prod.yaml`, `values.prod.yaml`, `prod/values.yaml`, `env/prod.yaml`. */
function valuesFiles(tree: Tree, chart: string): Seen[] {
  return tree.paths
    .filter((path) => path.startsWith(`${chart}/`) && /\.ya?ml$/.test(path))
    .map((path) => path.slice(chart.length + 1))
    .filter((path) => /^(?:[^/]+\/)?[^/]*values[^/]*$|^(?:env|envs|environments|values)\/[^/]+$/.test(path))
    .flatMap((path) => {
      const name = wordIn(path);
      return name ? [{ chart, ...name, pattern: path.replace(asWord(name.word), '$1{environment}') }] : [];
    });
}

function wordIn(text: string): { environment: Environment; word: string } | undefined {
  for (const environment of environments)
    for (const word of WORDS[environment]) if (asWord(word).test(text)) return { environment, word };
  return undefined;
}

function asWord(word: string): RegExp {
  return new RegExp(`(^|[^A-Za-z0-9])${word}(?![A-Za-z0-9])`);
}

/** What environments are called, where that is another name than ours. */
function namesOf(found: readonly Environment[], seen: readonly Seen[]): Partial<Record<Environment, string>> {
  return Object.fromEntries(
    found.flatMap((environment) => {
      const word = mostCommon(seen.flatMap((one) => (one.environment === environment ? one.word : [])))?.value;
      return word === undefined || word === environment ? [] : [[environment, word]];
    }),
  );
}

/** Charts with values.yaml alone: the environments are those of Argo CD's applications and lists, none where those know none. */
function environmentsOfApplications(tree: Tree, guesses: Guesses, chart: string): EnvironmentsGuess {
  const names = [
    ...manifestsOf(tree, 'Application').flatMap(({ path, object }) =>
      isInUse(path) ? [path.replace(/\.ya?ml$/, ''), asText(asRecord(object['metadata'])?.['name']) ?? ''] : [],
    ),
    ...manifestsOf(tree, 'ApplicationSet').flatMap(({ path, object }) =>
      isInUse(path) ? elementsOf(object['spec']) : [],
    ),
  ];
  const seen = names.flatMap((name) => {
    const found = wordIn(name);
    return found ? [{ chart, ...found, pattern: '' }] : [];
  });
  const found = environments.filter((environment) => seen.some((one) => one.environment === environment));
  if (found.length === 0) {
    guesses.note(
      'helm.environments',
      [],
      'charts have one values file, and no application is called after an environment',
      chart,
    );
    return { environments: [] };
  }
  guesses.note('helm.environments', found, 'applications are called after them');
  const environmentNames = namesOf(found, seen);
  if (Object.keys(environmentNames).length > 0)
    guesses.note('helm.environmentNames', environmentNames, 'applications are called so');
  return { environments: found, environmentNames };
}

/** The texts in the lists of generators, at any depth: `env: prod`. */
function elementsOf(value: unknown): string[] {
  const list = asList(value);
  if (list) return list.flatMap(elementsOf);
  const record = asRecord(value);
  if (!record) return [];
  return Object.entries(record).flatMap(([key, one]) =>
    key === 'elements'
      ? (asList(one) ?? []).flatMap((item) =>
          Object.values(asRecord(item) ?? {}).flatMap((field) => asText(field) ?? []),
        )
      : elementsOf(one),
  );
}
