/** The entry by which SPIRE knows a workload, in the platform's own script: its selector is the helper's workload label (RUNBOOK-008). */
import { sharedSegments } from '../../observe/kinship';
import { readComposeFiles } from '../../observe/compose-files';
import { whyUnread } from '../../observe/read-yaml';
import { observeHosts } from '../../observe/hosts';
import { composeFileOf } from '../../operations';
import { spiffeNamesOf, workloadOf, type SpiffeNames } from '../../naming';
import type { EmitContext, Emission, Emitter, FollowUp, Ownership, Refusal } from '../../types';
import { observeHelpers, otherHelpers } from './helpers';
import { loneHeading } from './registration-place';
import { registrationInYaml, ownedInYaml } from './registration-yaml';
import { insertRegistration, readRegistrations, type Found, type RegistrationInput } from './registration-script';
import type { Identity } from './registration-text';

export const spiffeRegistrationEmitter: Emitter = {
  name: 'spiffe-registration',
  commit: 'runtime',
  applies: ({ manifest, profile }) => manifest.security.mtls && profile.spiffe !== undefined,
  emit,
  owned,
};

function emit(context: EmitContext): Emission {
  const { profile, tree } = context;
  const names = spiffeNamesOf(context.manifest, profile);
  const path = profile.spiffe?.registration;
  if (!names) return { edits: [] };
  if (!context.manifest.runtime.compose) return { edits: [], followUps: [registerPod(context)] };
  if (path === undefined) return { edits: [], followUps: [registerByHand(context, names)] };
  const text = tree.read(path);
  if (text === undefined)
    return { edits: [], refusals: [refuse(context, names, path, `The script ${whyUnread(tree, path)}.`)] };
  const input = inputFor(context, names, text);
  const followUps = [registerStep(context, path)];
  if (/\.ya?ml$/i.test(path)) {
    const { edits, refusals, there } = registrationInYaml(path, input, (reason) =>
      refuse(context, names, path, reason),
    );
    return { edits, refusals, ...(there || refusals.length > 0 ? {} : { followUps }) };
  }
  if (/\.json$/i.test(path)) {
    const reason = 'It is JSON: to add an item is to put a comma behind the one before it, on a line that is there.';
    return { edits: [], refusals: [refuse(context, names, path, reason)] };
  }
  const registrations = readRegistrations(input);
  if (registrations.kind === 'unreadable')
    return { edits: [], refusals: [refuse(context, names, path, registrations.reason, registrations.line)] };
  if (registrations.kind === 'none') {
    const reason =
      registrations.line === undefined
        ? 'No registration in it names a helper of this platform, so there is none to write another one after.'
        : 'Its registrations stand in a loop or a branch, where a line more would change what the others do.';
    return { edits: [], refusals: [refuse(context, names, path, reason, registrations.line)] };
  }
  if (registrations.found.some((one) => one.isOwn)) return { edits: [] };
  const taken = registrations.found.find((one) => registers(one, workloadOf(context.manifest)));
  if (taken) return { edits: [], conflicts: [nameTaken(context, path, text, taken)] };
  const inserted = insertRegistration(input, registrations);
  if (inserted.ok) {
    const { offset } = inserted;
    return { edits: [{ kind: 'splice', path, start: offset, end: offset, text: inserted.text }], followUps };
  }
  const line = registrations.kind === 'array' ? lineOf(text, registrations.array.start) : undefined;
  return { edits: [], refusals: [refuse(context, names, path, inserted.reason, line, inserted.paste)] };
}

function inputFor(context: EmitContext, names: SpiffeNames, text: string): RegistrationInput {
  const { manifest, profile, tree } = context;
  const target = composeFileOf(manifest, profile);
  const stacks = profile.compose?.stacks ?? {};
  const stack = Object.keys(stacks).find((name) => stacks[name] === target);
  const hosts = new Map<string, string[]>();
  for (const routed of observeHosts(tree, profile))
    for (const name of routed.services) hosts.set(name, [...(hosts.get(name) ?? []), routed.host]);
  const place = readComposeFiles(tree, profile).find(({ path }) => path === target);
  const beside = new Set(place?.file.services.map((service) => service.name));
  const own: Identity = {
    helpers: [...new Set([ownLabel(context, names), names.helper])],
    workload: workloadOf(manifest),
    services: [manifest.name],
    hosts: manifest.routing ? [manifest.routing.host] : [],
  };
  const siblings = new Map<string, RegistrationInput['siblings'][number]>();
  for (const helper of otherHelpers(context, names.helper)) {
    if (siblings.has(helper.name)) continue;
    const services = helper.serves.length > 0 ? helper.serves : [helper.workload];
    siblings.set(helper.name, {
      helpers: [...new Set([helper.label ?? helper.name, helper.name])],
      workload: helper.workload,
      services,
      hosts: services.flatMap((name) => hosts.get(name) ?? []),
      nearness:
        10 * sharedSegments(helper.workload, own.workload) + (services.some((name) => beside.has(name)) ? 1 : 0),
    });
  }
  const kinds = [...Object.keys(stacks), ...Object.keys(profile.categories)];
  return {
    text,
    own,
    siblings: [...siblings.values()],
    kinds: [...new Set(kinds)],
    ownKinds: [...(stack === undefined ? [] : [stack]), manifest.category],
  };
}

/** The workload label that the helper has, or gets: the helper's name, or the short name where most helpers carry theirs. */
function ownLabel(context: EmitContext, names: SpiffeNames): string {
  const own = observeHelpers(context).find((helper) => helper.name === names.helper);
  if (own?.label !== undefined) return own.label;
  const others = otherHelpers(context, names.helper);
  const short = others.filter((helper) => helper.label === helper.workload);
  return short.length * 2 > others.length ? workloadOf(context.manifest) : names.helper;
}

/** Whether a registration begins with a workload's name, or gives it as its SPIFFE ID. */
function registers({ written, entry }: Found, workload: string): boolean {
  const start = new RegExp(`^["'[]*${workload}(?=["'|\\]\\s:,;])`);
  return (
    (entry !== undefined && start.test(written)) ||
    new RegExp(`spiffe://[^\\s"']*/${workload}(?![\\w/-])`).test(written)
  );
}

function nameTaken(context: EmitContext, path: string, text: string, taken: Found) {
  const workload = workloadOf(context.manifest);
  const line = lineOf(text, taken.start);
  return {
    kind: 'name' as const,
    field: 'workload',
    path,
    line,
    owner: workload,
    message: `SPIRE has an entry for ${workload} already (${path}:${line}), with another selector. Choose another short name (workload); if it is this service’s own entry, plan it with --action change.`,
  };
}

function registerStep({ manifest, profile }: EmitContext, path: string): FollowUp {
  const template = profile.spiffe?.registerCommand ?? './{file}';
  return {
    phase: 'identity',
    key: 'spire-registration',
    title: `Register ${workloadOf(manifest)} with SPIRE`,
    detail: 'The script registers what is missing. Without its entry the helper gets no certificate.',
    // The usual command runs a script; what loads a list is the platform's own word.
    ...(template === './{file}' && !path.endsWith('.sh') && /\.\w+$/.test(path)
      ? {}
      : { command: template.replaceAll('{file}', path) }),
  };
}

function registerByHand(context: EmitContext, names: SpiffeNames): FollowUp {
  return {
    phase: 'identity',
    key: 'spire-registration',
    title: `Register ${workloadOf(context.manifest)} with SPIRE`,
    detail: 'Put in the SPIFFE ID of the agent. Without this entry the helper gets no certificate.',
    command: commandFor(context, names),
  };
}

/** There is no helper in Compose: the workload is a pod, which SPIRE knows by its service account. */
function registerPod({ manifest }: EmitContext): FollowUp {
  return {
    phase: 'identity',
    key: 'spire-registration',
    title: `Give ${manifest.name} its SPIFFE identity in Kubernetes`,
    detail: `It runs in Kubernetes alone, so no helper was written. Register its service account ${manifest.name} with SPIRE (selectors k8s:ns and k8s:sa), and mount the certificates into its pods.`,
  };
}

function refuse(
  context: EmitContext,
  names: SpiffeNames,
  path: string,
  reason: string,
  line?: number,
  paste?: string,
): Refusal {
  return {
    path,
    ...(line === undefined ? {} : { line }),
    reason,
    paste: { under: 'the registrations', text: `${(paste ?? commandFor(context, names)).replace(/\n$/, '')}\n` },
  };
}

/** The command that does what the entry would, for a SPIRE server at hand. */
function commandFor(context: EmitContext, names: SpiffeNames): string {
  const { manifest, profile, tree } = context;
  const texts = [profile.spiffe?.registration, ...tree.paths.filter((path) => /spire.*\.conf$/.test(path))].map(
    (path) => (path === undefined ? '' : (tree.read(path) ?? '')),
  );
  const domain = texts
    .map((text) => /(?:TRUST_DOMAIN|trust_domain)\s*[=:]\s*["']?([\w.-]+)/.exec(text)?.[1])
    .find((one) => one !== undefined);
  const trust = domain ?? profile.platform.domain;
  const label = `${profile.naming.labelNamespace === undefined ? 'com.docker.compose.service' : `${profile.naming.labelNamespace}.workload`}:${profile.naming.labelNamespace === undefined ? names.helper : ownLabel(context, names)}`;
  const dns = [manifest.name, ...(manifest.routing ? [manifest.routing.host] : [])];
  return [
    'spire-server entry create',
    `-spiffeID spiffe://${trust}/${workloadOf(manifest)}`,
    `-parentID spiffe://${trust}/AGENT`,
    `-selector docker:label:${label}`,
    ...dns.map((name) => `-dns ${name}`),
  ].join(' ');
}

function owned(context: EmitContext): Ownership {
  const { manifest, profile, tree } = context;
  const names = spiffeNamesOf(manifest, profile);
  const path = profile.spiffe?.registration;
  const text = path === undefined ? undefined : tree.read(path);
  if (!names || path === undefined || text === undefined) return { parts: [] };
  const input = inputFor(context, names, text);
  const followUps = [
    {
      phase: 'identity' as const,
      key: 'spire-entry-gone',
      title: `Delete the SPIRE entry of ${workloadOf(manifest)}`,
      detail: `The entry stays in the server until somebody deletes it: find its id with spire-server entry show, by the selector that ends with ${input.own.helpers[0] ?? names.helper}.`,
      command: 'spire-server entry delete -entryID ID',
    },
  ];
  if (/\.ya?ml$/i.test(path)) {
    const parts = ownedInYaml(path, input);
    return { parts, ...(parts.length > 0 ? { followUps } : {}) };
  }
  if (/\.json$/i.test(path)) return { parts: [] };
  const registrations = readRegistrations(input);
  if (registrations.kind !== 'array' && registrations.kind !== 'commands') return { parts: [] };
  const { found } = registrations;
  const parts = found.flatMap((one, index) => {
    const others = found.some((other) => other !== one && other.start < one.end && one.start < other.end);
    if (!one.isOwn || others || (one.entry && !standsAlone(text, one))) return [];
    const [stack = ''] = input.ownKinds;
    const heading = loneHeading(text, found, index, input.kinds, stack);
    return [{ kind: 'lines' as const, path, start: heading ?? one.start, end: one.end }];
  });
  return { parts, ...(parts.length > 0 ? { followUps } : {}) };
}

/** Whether nothing but an entry and its remark stands on its lines. */
function standsAlone(text: string, { start, end, entry }: Found): boolean {
  if (!entry) return true;
  return text.slice(start, entry.start).trim() === '' && /^\s*(?:#.*)?$/.test(text.slice(entry.end, end).trim());
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
