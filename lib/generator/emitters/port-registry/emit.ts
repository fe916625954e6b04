/**
 * The port registry: one entry per port, in a commit of its own before anything uses the port (RUNBOOK-024, section 2), and for a service with
 * a host one in its group. Also ports that are only reached inside the network are documented (2.3).
 */
import type { EmitContext, Emission, Emitter, Finding, Refusal } from '../../types';
import { whyUnread } from '../../observe/read-yaml';
import { toEdits, type InsertResult } from '../../yaml/insert';
import { parseYaml, type ParsedYaml } from '../../yaml/parse';
import { takenPorts } from '../taken-ports';
import { insertIntoGroup } from './group';
import { outsidePool, staleHints } from './hints';
import { insertJsonPorts, isJson, jsonText } from './json';
import { insertPorts, listedPorts, pasteText } from './list';
import {
  claimedHosts,
  hasGroupEntry,
  missingPorts,
  otherGroupEntry,
  otherNumbers,
  sharesHost,
  type Missing,
} from './obstacles';
import { owned } from './owned';
import { pathOf, sectionsOf, type RegistrySections } from './sections';

export const portRegistryEmitter: Emitter = {
  name: 'port-registry',
  commit: 'ports',
  applies: ({ manifest, profile }) => profile.ports?.registry !== undefined && manifest.ports.length > 0,
  emit,
  owned,
};

function emit(context: EmitContext): Emission {
  const path = context.profile.ports?.registry ?? '';
  const text = context.tree.read(path);
  const refuse = (refusal: Refusal): Emission => ({
    edits: [],
    refusals: [{ ...refusal, paste: pasteText(context) }],
  });
  if (text === undefined) return refuse({ path, reason: `The port registry ${whyUnread(context.tree, path)}.` });
  const parsed = parseYaml(text, path);
  return parsed.ok ? emitYaml(context, parsed.yaml) : refuse(parsed.refusal);
}

/** What of the service is to be written where. */
interface Wanted {
  sections: RegistrySections;
  missing: readonly Missing[];
  group: boolean;
}

function emitYaml(context: EmitContext, yaml: ParsedYaml): Emission {
  const sections = sectionsOf(context, yaml);
  // Also where the service goes into its group alone: people may have listed it.
  const listed = listedPorts(yaml, sections.list ?? pathOf(context.profile.ports?.section ?? 'ports'));
  const unlisted = missingPorts(context, yaml, listed);
  const wanted: Wanted = {
    sections,
    missing: sections.list ? unlisted : [],
    group:
      sections.group !== undefined && !hasGroupEntry(context, yaml) && !(sections.list && sharesHost(context, yaml)),
  };
  const concerned = (index: number) => unlisted.some((one) => one.index === index);
  const conflicts = [
    ...(sections.list ? otherNumbers(context, yaml, sections.list, listed, wanted.missing) : []),
    ...(sections.group ? otherGroupEntry(context, yaml) : []),
    ...(wanted.group ? claimedHosts(context, yaml) : []),
    ...takenPorts(context, concerned),
  ];
  const nothing = wanted.missing.length === 0 && !wanted.group;
  const findings = [
    ...staleHints(context, yaml),
    ...outsidePool(context, yaml, unlisted),
    ...(wanted.missing.length > 0 ? withoutGroup(context, yaml, sections) : []),
  ];
  if (nothing || conflicts.length > 0) return { edits: [], conflicts, findings: nothing ? [] : findings };
  if (isJson(yaml.path)) return { ...emitJson(context, yaml, wanted), findings };
  const results = insertions(context, yaml, wanted);
  const refusals = results.flatMap((result) => (result.ok ? [] : [result.refusal]));
  if (refusals.length > 0) return { edits: [], refusals, findings };
  const splices = results.flatMap((result) => (result.ok ? [result.splice] : []));
  return { edits: toEdits(yaml.path, splices), findings };
}

function insertions(context: EmitContext, yaml: ParsedYaml, { sections, missing, group }: Wanted): InsertResult[] {
  const { list, group: path } = sections;
  return [
    ...(list && missing.length > 0 ? [insertPorts(context, yaml, list, missing)] : []),
    ...(path && group ? [insertIntoGroup(context, yaml, path, list === undefined)] : []),
  ];
}

/** Groups of a JSON file are left to people: their last entry is where a new one would stand. */
function emitJson(context: EmitContext, yaml: ParsedYaml, { sections, missing, group }: Wanted): Emission {
  if (group || !sections.list) {
    const reason = `${(sections.group ?? []).join('.') || 'the top level'}: Services of a JSON registry are grouped by hand.`;
    return { edits: [], refusals: [{ path: yaml.path, reason, paste: jsonText(context, yaml, sections) }] };
  }
  return insertJsonPorts(context, yaml, sections.list.map(String), missing);
}

/** A registry whose services stand in groups, and nothing that says which one this service belongs to. */
function withoutGroup({ manifest }: EmitContext, yaml: ParsedYaml, sections: RegistrySections): Finding[] {
  if (!sections.unknownGroup) return [];
  const message = `${manifest.name} is in no group: nothing like it is registered in one. Name a section for the category ${manifest.category} in slipway.yaml (categories.${manifest.category}.section).`;
  return [{ kind: 'no-group', path: yaml.path, message }];
}
