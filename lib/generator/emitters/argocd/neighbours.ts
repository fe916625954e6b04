/** What the applications that are there say of the platform: where its repository is, into which cluster and namespace each environment goes. */
import { readYaml } from '../../observe/read-yaml';
import type { Tree } from '../../types';
import { asList, asRecord, asText } from '../../yaml/read';

export interface ArgoHouse {
  repoURL: string;
  targetRevision: string;
  server: string;
  /** Namespace of the Application objects themselves. */
  namespace: string;
  /** Namespace that a service runs in; {environment} and {service} are filled in. */
  destination: string;
  finalizers: string[];
  syncOptions: string[];
}

interface Application {
  name: string;
  spec: Record<string, unknown>;
  metadata: Record<string, unknown>;
  environment: string | undefined;
}

/** The facts that most applications of the folder agree on; undefined where none names a repository. */
export function readArgoHouse(tree: Tree, folder: string, environments: readonly string[]): ArgoHouse | undefined {
  const applications = tree.paths
    .filter((path) => path.startsWith(`${folder.replace(/\/+$/, '')}/`) && /\.ya?ml$/i.test(path))
    .flatMap((path) => readApplication(tree, path, environments));
  const source = (application: Application) => asRecord(application.spec['source']) ?? {};
  const destination = (application: Application) => asRecord(application.spec['destination']) ?? {};
  const common = (pick: (application: Application) => string | undefined) => mostCommon(applications.map(pick));
  const repoURL = common((one) => asText(source(one)['repoURL']));
  if (repoURL === undefined) return undefined;
  return {
    repoURL,
    targetRevision: common((one) => asText(source(one)['targetRevision'])) ?? 'HEAD',
    server: common((one) => asText(destination(one)['server'])) ?? 'https://kubernetes.default.svc',
    namespace: common((one) => asText(one.metadata['namespace'])) ?? 'argocd',
    destination:
      common((one) => namespaceTemplate(asText(destination(one)['namespace']), one)) ?? '{service}-{environment}',
    finalizers: listed(common((one) => textsOf(one.metadata['finalizers']))),
    syncOptions: listed(common((one) => textsOf(asRecord(one.spec['syncPolicy'])?.['syncOptions']))),
  };
}

function readApplication(tree: Tree, path: string, environments: readonly string[]): Application[] {
  const object = asRecord(readYaml(tree, path)?.toJs());
  const metadata = asRecord(object?.['metadata']);
  const spec = asRecord(object?.['spec']);
  const name = asText(metadata?.['name']);
  if (object?.['kind'] !== 'Application' || !metadata || !spec || name === undefined) return [];
  return [{ name, spec, metadata, environment: environments.find((one) => name.endsWith(`-${one}`)) }];
}

/** `ravenhelm-dev` of `bifrost-dev` is `ravenhelm-{environment}`; `bifrost` is `{service}`. */
function namespaceTemplate(namespace: string | undefined, { name, environment }: Application): string | undefined {
  if (namespace === undefined || environment === undefined) return undefined;
  const service = name.slice(0, -environment.length - 1);
  return namespace.replace(word(environment), '$1{environment}').replace(word(service), '$1{service}');
}

/** A part of a name between hyphens. */
function word(text: string): RegExp {
  return new RegExp(`(^|-)${text.replace(/[^A-Za-z0-9-]/g, '\\$&')}(?=-|$)`);
}

function mostCommon(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** A list as one text, so that lists can be counted: line breaks stand in no finalizer and no option. */
function textsOf(value: unknown): string | undefined {
  return asList(value)
    ?.flatMap((item) => asText(item) ?? [])
    .join('\n');
}

function listed(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split('\n');
}
