/** What the applications that are there agree on: where the repository is, into which cluster and namespace each environment goes, how it is synced. */
import { isProduction } from '../../chart-environments';
import { asRecord, asText } from '../../yaml/read';
import type { Application } from './applications';
import { fill, mostCommon, toJsonPattern, toPattern, type Subject } from './words';

type Fields = Record<string, unknown>;

/** The facts of one environment, or of the only one, with the names of the subject filled in. */
export interface ApplicationFacts {
  path: string;
  name: string;
  metadata: Fields;
  repoURL: string;
  targetRevision: string;
  destination: Fields;
  project: string | undefined;
  syncPolicy: Fields | undefined;
  revisionHistoryLimit: number | undefined;
  /** The application whose writing is copied. */
  model: Application;
}

/**
 * What an application of the subject is to look like: what most of those of its environment say, else what most of all say.
 * Undefined where none of them names a repository.
 */
export function factsFor(
  subject: Subject,
  applications: readonly Application[],
  folder: string,
): ApplicationFacts | undefined {
  const others = applications.filter((one) => one.service !== subject.service);
  const same = others.filter((one) => one.environment === subject.environment);
  const ask = (pick: (one: Application) => string | undefined) => {
    const found = mostCommon(same.map(pick)) ?? mostCommon(others.map(pick));
    return found === undefined ? undefined : fill(found, subject);
  };
  const repoURL = ask((one) => asText(one.source['repoURL']));
  const model = same[0] ?? others[0];
  if (repoURL === undefined || !model) return undefined;
  const suffix = subject.environment === undefined ? '' : '-{environment}';
  const pattern = mostCommon(others.map((one) => pathPattern(one))) ?? `${folder}/{service}${suffix}.yaml`;
  const policy = (list: readonly Application[]) =>
    mostCommon(list.map((one) => json(asRecord(one.spec['syncPolicy']), one)));
  const limit = ask((one) => asText(one.spec['revisionHistoryLimit']));
  const destination = ask((one) => json(asRecord(one.spec['destination']), one));
  const extras = ['labels', 'annotations', 'finalizers'] as const;
  const written = policy(same) ?? policy(others.filter((one) => !isProduction(one.environment)));
  return {
    path: fill(pattern, subject),
    name: ask((one) => toPattern(one.name, one)) ?? fill(`{service}${suffix}`, subject),
    metadata: Object.fromEntries([
      ['namespace', ask((one) => asText(one.metadata['namespace'])) ?? 'argocd'],
      ...extras.flatMap((key) => {
        const value = ask((one) => json(withoutProse(one.metadata[key]), one) ?? '');
        return value === undefined || value === '' ? [] : [[key, JSON.parse(value) as unknown]];
      }),
    ]) as Fields,
    repoURL,
    targetRevision: ask((one) => asText(one.source['targetRevision'])) ?? 'HEAD',
    destination: destination === undefined ? {} : (JSON.parse(destination) as Fields),
    project: ask((one) => asText(one.spec['project'])),
    syncPolicy: syncPolicy(subject.environment, written === undefined ? undefined : fill(written, subject)),
    revisionHistoryLimit: limit === undefined ? undefined : Number(limit),
    model,
  };
}

/** Labels and annotations without those that describe one service in words. */
function withoutProse(value: unknown): unknown {
  const record = asRecord(value);
  if (!record) return value;
  const kept = Object.entries(record).filter(([key, text]) => key.includes('/') || !/\s/.test(asText(text) ?? ''));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** prod never syncs by itself; the others as their siblings do, by themselves where there are none. */
function syncPolicy(environment: string | undefined, sibling: string | undefined): Fields | undefined {
  const policy = sibling === undefined ? {} : (JSON.parse(sibling) as Fields);
  const { automated, ...rest } = policy;
  if (isProduction(environment)) return Object.keys(rest).length > 0 ? rest : undefined;
  if (sibling !== undefined) return policy;
  if (environment === undefined) return undefined;
  return { automated: automated ?? { prune: true, selfHeal: true }, ...rest };
}

/** `argocd/applications/{service}-{environment}.yaml`; undefined where a path does not say which service it is of. */
function pathPattern(application: Application): string | undefined {
  const pattern = toPattern(application.path, application);
  const whole =
    pattern.includes('{service}') && (application.environment === undefined || pattern.includes('{environment}'));
  return whole ? pattern : undefined;
}

/** A value as a pattern of JSON, so that values can be counted; undefined where there is none. */
function json(value: unknown, subject: Subject): string | undefined {
  return value === undefined ? undefined : toJsonPattern(value, subject);
}
