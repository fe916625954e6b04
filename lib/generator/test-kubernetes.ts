/** Holds what Helm rendered against the schemas of Kubernetes and of the operators, for tests. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';

const folder = fileURLToPath(new URL('checks/schemas/', import.meta.url));
const validators = new Map<string, ValidateFunction>();

/** An object of Kubernetes as far as tests look at it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
}

/** The objects in what `helm template` printed, in its order. @throws where a document does not parse. */
export function parseObjects(printed: string): KubernetesObject[] {
  return parseAllDocuments(printed).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0];
    const object = document.toJS() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}

/** What is wrong with an object, strictly: an unknown key, a wrong value, a label or a name that no cluster takes. */
export function faultsOf(object: KubernetesObject): string[] {
  const validate = validatorOf(object);
  const faults = validate(object) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
  const name = `${object.kind} ${object.metadata.name}`;
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(object.metadata.name)) faults.push('its name');
  const template = object.spec?.['template'] as { metadata?: { labels?: Record<string, string> } } | undefined;
  for (const [key, value] of Object.entries({ ...object.metadata.labels, ...template?.metadata?.labels }))
    if (!/^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/.test(value)) faults.push(`label ${key}: ${value}`);
  return faults.map((fault) => `${name}: ${fault}`);
}

function validatorOf({ apiVersion, kind }: KubernetesObject): ValidateFunction {
  const known = validators.get(`${apiVersion} ${kind}`);
  if (known) return known;
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const lower = kind.toLowerCase();
  const own = `kubernetes/${[lower, group.replaceAll('.', '_'), version].filter((part) => part !== '').join('-')}.json`;
  const short = `kubernetes/${[lower, group.split('.')[0], version].filter((part) => part !== '').join('-')}.json`;
  const file = [own, short, `crds/${group}/${lower}_${version}.json`].find((one) => existsSync(folder + one));
  if (file === undefined) throw new Error(`There is no schema for ${apiVersion} ${kind}.`);
  const schema = JSON.parse(readFileSync(folder + file, 'utf8')) as Record<string, unknown>;
  delete schema['$schema'];
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false }).compile(schema);
  validators.set(`${apiVersion} ${kind}`, validate);
  return validate;
}
