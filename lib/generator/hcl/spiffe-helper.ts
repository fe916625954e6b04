/**
 * What spiffe-helper reads in its configuration: it refuses unknown keys. From its cmd/spiffe-helper/config/config.go at the releases 0.8 to 0.11
 * and its README.
 */
import { hclValue, parseHcl, type HclAttribute, type HclBody, type HclValue } from './parse';

type Kind = 'text' | 'switch' | 'number' | 'texts' | 'bodies' | 'body';

/** A key; `since` and `until` (the first release without it) are minor versions of release 0. */
interface Known {
  kind: Kind;
  since?: number;
  until?: number;
  /** What it is called now. */
  now?: string;
}

const KEYS: Readonly<Record<string, Known>> = {
  agent_address: { kind: 'text' },
  cmd: { kind: 'text' },
  cmd_args: { kind: 'text' },
  pid_file_name: { kind: 'text', since: 9 },
  cert_dir: { kind: 'text' },
  daemon_mode: { kind: 'switch' },
  add_intermediates_to_bundle: { kind: 'switch' },
  renew_signal: { kind: 'text' },
  svid_file_name: { kind: 'text' },
  svid_key_file_name: { kind: 'text' },
  svid_bundle_file_name: { kind: 'text' },
  jwt_svids: { kind: 'bodies' },
  jwt_bundle_file_name: { kind: 'text' },
  include_federated_domains: { kind: 'switch' },
  cert_file_mode: { kind: 'number', since: 9 },
  key_file_mode: { kind: 'number', since: 9 },
  jwt_bundle_file_mode: { kind: 'number', since: 9 },
  jwt_svid_file_mode: { kind: 'number', since: 9 },
  hint: { kind: 'text', since: 10 },
  health_checks: { kind: 'body', since: 10 },
  omit_expired: { kind: 'switch', since: 11 },
  // Spellings that 0.8 still took.
  agentAddress: { kind: 'text', until: 9, now: 'agent_address' },
  cmdArgs: { kind: 'text', until: 9, now: 'cmd_args' },
  certDir: { kind: 'text', until: 9, now: 'cert_dir' },
  addIntermediatesToBundle: { kind: 'switch', until: 9, now: 'add_intermediates_to_bundle' },
  renewSignal: { kind: 'text', until: 9, now: 'renew_signal' },
  svidFileName: { kind: 'text', until: 9, now: 'svid_file_name' },
  svidKeyFileName: { kind: 'text', until: 9, now: 'svid_key_file_name' },
  svidBundleFileName: { kind: 'text', until: 9, now: 'svid_bundle_file_name' },
};

const INSIDE: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  jwt_svids: {
    jwt_audience: { kind: 'text' },
    jwt_extra_audiences: { kind: 'texts', since: 9 },
    jwt_svid_file_name: { kind: 'text' },
  },
  health_checks: {
    listener_enabled: { kind: 'switch' },
    bind_port: { kind: 'number' },
    liveness_path: { kind: 'text' },
    readiness_path: { kind: 'text' },
  },
};

const SVID_FILES = ['svid_file_name', 'svid_key_file_name', 'svid_bundle_file_name'];

export interface HelperConfigFault {
  line: number;
  message: string;
}

/**
 * Everything in a helper's configuration that spiffe-helper would refuse to start with.
 * @param image the helper's image, for what its release knows; the newest release where the tag says none.
 */
export function helperConfigFaults(text: string, image?: string): HelperConfigFault[] {
  const parsed = parseHcl(text);
  if (!parsed.ok) return [{ line: parsed.line, message: parsed.reason }];
  const release = Number(/:v?0\.(\d+)(?:\D|$)/.exec(image ?? '')?.[1] ?? '99');
  const faults = keyFaults(parsed.body, KEYS, release, '');
  const files = SVID_FILES.filter((key) => ![undefined, ''].includes(textAt(parsed.body, key)));
  const old = parsed.body.attributes.some((attribute) => KEYS[attribute.key]?.now !== undefined);
  const has = (key: string) => ![undefined, ''].includes(textAt(parsed.body, key));
  if (files.length > 0 && files.length < SVID_FILES.length && !old)
    faults.push({ line: 1, message: `${SVID_FILES.join(', ')} go together: name all three or none.` });
  if (files.length === 0 && !old && !has('jwt_bundle_file_name') && !hclValue(parsed.body, 'jwt_svids'))
    faults.push({ line: 1, message: 'It fetches nothing: there is neither svid_file_name nor anything of jwt_.' });
  if (has('pid_file_name') && !has('renew_signal'))
    faults.push({ line: lineOf(parsed.body, 'pid_file_name'), message: 'pid_file_name needs a renew_signal.' });
  return faults;
}

function keyFaults(
  body: HclBody,
  known: Readonly<Record<string, Known>>,
  release: number,
  inside: string,
): HelperConfigFault[] {
  return body.attributes.flatMap((attribute): HelperConfigFault[] => {
    const { key, line, value } = attribute;
    const rule = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!rule) return [{ line, message: `spiffe-helper knows no key ${key}${inside}.` }];
    if (rule.until !== undefined && release >= rule.until)
      return [{ line, message: `spiffe-helper no longer knows ${key}; write ${rule.now ?? ''}.` }];
    if (rule.since !== undefined && release < rule.since)
      return [{ line, message: `spiffe-helper knows ${key} since 0.${rule.since}, and this one is 0.${release}.` }];
    if (!isOfKind(value, rule.kind)) return [{ line, message: `${key} is not ${WORDS[rule.kind]}.` }];
    const bodies = (Array.isArray(value) ? value : [value]).filter(isBody);
    return bodies.flatMap((one) => keyFaults(one, INSIDE[key] ?? {}, release, ` in ${key}`));
  });
}

const WORDS: Readonly<Record<Kind, string>> = {
  text: 'a text in double quotes',
  switch: 'true or false',
  number: 'a number',
  texts: 'a list of texts',
  bodies: 'a list of objects',
  body: 'a block',
};

function isOfKind(value: HclValue, kind: Kind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'switch':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0;
    case 'texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'bodies':
      return (Array.isArray(value) ? value : [value]).every(isBody);
    case 'body':
      return isBody(value);
  }
}

function isBody(value: HclValue): value is HclBody {
  return typeof value === 'object' && !Array.isArray(value);
}

function textAt(body: HclBody, key: string): string | undefined {
  const value = hclValue(body, key);
  return typeof value === 'string' ? value : undefined;
}

function lineOf(body: HclBody, key: string): number {
  return body.attributes.find((attribute: HclAttribute) => attribute.key === key)?.line ?? 1;
}
