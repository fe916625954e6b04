/**
 * Holds Kubernetes documents against the schemas of their kinds, strictly: an unknown key, a wrong value, a name or a label that no cluster takes. Helm
 * renders all of that without a word.
 */
import { parseAllDocuments } from 'yaml';
import { asRecord, asText } from '../yaml/read';
import { knownVersions, kubernetesSchema } from './kubernetes-schemas';
import { schemaValidator } from './schema-validator';

export interface KubernetesVerdict {
  /** `Deployment voice-transcriber: spec.replicas must be integer`. */
  faults: string[];
  /** Documents that were held against a schema: `apps/v1 Deployment voice-transcriber`. */
  valid: string[];
  /** Kinds that there is no schema for, once each. */
  unknown: string[];
}

/** DNS subdomain (RFC 1123), which the names of most kinds are. Roles and their bindings may have any path segment. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

const validators = new Map<string, (value: unknown) => string[]>();

/** Looks at every document of a YAML text: a rendered chart, or a manifest. */
export async function checkKubernetes(text: string): Promise<KubernetesVerdict> {
  const verdict: KubernetesVerdict = { faults: [], valid: [], unknown: [] };
  const seen = new Set<string>();
  for (const document of parseAllDocuments(text)) {
    const [error] = document.errors;
    if (error) {
      verdict.faults.push(error.message);
      continue;
    }
    const value: unknown = document.toJS({ maxAliasCount: -1 });
    if (value !== null && value !== undefined) await checkObject(value, verdict, seen);
  }
  return { ...verdict, unknown: [...new Set(verdict.unknown)] };
}

async function checkObject(value: unknown, verdict: KubernetesVerdict, seen: Set<string>): Promise<void> {
  const object = asRecord(value);
  const kind = asText(object?.['kind']);
  const apiVersion = asText(object?.['apiVersion']);
  const metadata = asRecord(object?.['metadata']);
  const name = asText(metadata?.['name']);
  if (!object || kind === undefined || apiVersion === undefined || name === undefined) {
    verdict.faults.push('A document has no apiVersion, kind or metadata.name.');
    return;
  }
  const key = `${apiVersion} ${kind} ${asText(metadata?.['namespace']) ?? ''} ${name}`;
  if (seen.has(key)) verdict.faults.push(`${kind} ${name}: is there twice.`);
  seen.add(key);
  const validate = await validatorOf(apiVersion, kind);
  if (!validate) {
    const versions = knownVersions(apiVersion, kind);
    if (versions.length > 0)
      verdict.faults.push(`${kind} ${name}: there is no ${apiVersion}; use ${versions.join(' or ')}.`);
    else verdict.unknown.push(`${apiVersion} ${kind}`);
    return;
  }
  const faults = [...validate(object), ...nameFaults(apiVersion, kind, name), ...labelFaults(object)];
  verdict.faults.push(...faults.map((fault) => `${kind} ${name}: ${fault}`));
  if (faults.length === 0) verdict.valid.push(`${apiVersion} ${kind} ${name}`);
}

async function validatorOf(apiVersion: string, kind: string): Promise<((value: unknown) => string[]) | undefined> {
  const key = `${apiVersion} ${kind}`;
  const known = validators.get(key);
  if (known) return known;
  const schema = await kubernetesSchema(apiVersion, kind);
  if (!schema) return undefined;
  const validate = schemaValidator(schema);
  validators.set(key, validate);
  return validate;
}

function nameFaults(apiVersion: string, kind: string, name: string): string[] {
  if (apiVersion.startsWith('rbac.')) return [];
  if (kind === 'Service' || kind === 'Namespace')
    return LABEL.test(name) || (kind === 'Namespace' && NAME.test(name) && name.length <= 63)
      ? []
      : [`${name} is no name for it: 63 lower-case letters, digits and hyphens at most, a letter first.`];
  return NAME.test(name) ? [] : [`${name} is no name for it: lower-case letters, digits, hyphens and dots.`];
}

/** Of the object and of the pods that it makes. */
function labelFaults(object: Record<string, unknown>): string[] {
  const template = asRecord(asRecord(object['spec'])?.['template']);
  return [object, template].flatMap((one) =>
    Object.entries(asRecord(asRecord(one?.['metadata'])?.['labels']) ?? {}).flatMap(([key, value]) => {
      if (!LABEL_KEY.test(key)) return [`the label ${key} has no valid name.`];
      return LABEL_VALUE.test(asText(value) ?? '') ? [] : [`the label ${key} cannot be “${asText(value) ?? ''}”.`];
    }),
  );
}
