/**
 * The service's entry in the inventory of services. A list of services gets an element. A Grafana dashboard names them inside texts, on lines that
 * are there already: those only a person can change, so the plan gives the exact words to put in.
 */
import type { EntryFacts } from '../../markdown/entry-facts';
import { outlineOf, type Table } from '../../markdown/outline';
import { rowFor } from '../../markdown/table-entry';
import { insertElement, insertEntry, linesOfChild } from '../../json/insert';
import { lineOf, parseJson, type JsonNode, type ParsedJson } from '../../json/parse';
import { serviceNames } from '../../observe/service-names';
import type { Emission, EmitContext, Finding, FollowUp, OwnedPart } from '../../types';
import { insertMapEntry, insertSequenceItem, toEdits } from '../../yaml/insert';
import { parseYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { entryFactsOf, runbookOf } from '../runbook/address';
import { findListing, type Listing } from './listing';

export function addToInventory(context: EmitContext): Emission {
  const path = context.profile.observability?.inventory;
  const text = path === undefined ? undefined : context.tree.read(path);
  if (path === undefined) return { edits: [] };
  if (text === undefined)
    return {
      edits: [],
      findings: [
        { kind: 'inventory-missing', path, message: 'The profile names this inventory, and it is not there.' },
      ],
    };
  const json = /\.json$/i.test(path) ? parseJson(text, path) : undefined;
  const yaml = json ? undefined : parseYaml(text, path);
  const refusal = json && !json.ok ? json.refusal : yaml && !yaml.ok ? yaml.refusal : undefined;
  if (refusal) return { edits: [], refusals: [refusal] };
  if (json?.ok && isDashboard(json.json)) return byHand(context, json.json);
  const value: unknown = json?.ok ? json.json.value : yaml?.ok ? yaml.yaml.toJs() : undefined;
  const listing = findListing(value, knownNames(context), []);
  if (!listing)
    return {
      edits: [],
      findings: [
        {
          kind: 'inventory-without-list',
          path,
          message: `No list of services was found here that ${context.manifest.name} could be added to.`,
        },
      ],
    };
  if (listing.entries.some((entry) => entry.name === context.manifest.name)) return { edits: [] };
  const fields = fieldsLike(listing, context);
  if (json?.ok) {
    const inserted =
      listing.form === 'list'
        ? insertElement(json.json, listing.path, fields)
        : insertEntry(json.json, listing.path, context.manifest.name, fields);
    return inserted.ok
      ? { edits: [{ kind: 'splice', path, start: inserted.offset, end: inserted.offset, text: inserted.text }] }
      : { edits: [], refusals: [inserted.refusal] };
  }
  if (!yaml?.ok) return { edits: [] };
  const inserted =
    listing.form === 'list'
      ? insertSequenceItem(yaml.yaml, listing.path, fields)
      : insertMapEntry(yaml.yaml, listing.path, context.manifest.name, fields);
  return inserted.ok ? { edits: toEdits(path, [inserted.splice]) } : { edits: [], refusals: [inserted.refusal] };
}

/** The service's entry as a part; where it can only be taken out by hand it is named. */
export function inventoryEntry(context: EmitContext): { parts: OwnedPart[]; kept: Finding[]; followUps: FollowUp[] } {
  const none = { parts: [], kept: [], followUps: [] };
  const path = context.profile.observability?.inventory;
  const text = path === undefined ? undefined : context.tree.read(path);
  if (path === undefined || text === undefined) return none;
  const { name } = context.manifest;
  const json = /\.json$/i.test(path) ? parseJson(text, path) : undefined;
  if (json && !json.ok) return none;
  if (json?.ok && isDashboard(json.json)) {
    const named = placesIn(json.json, context).filter((place) => place.names.includes(name));
    if (named.length === 0) return none;
    const lines = named.map((place) => place.line).join(', ');
    return {
      ...none,
      followUps: [
        {
          phase: 'observe',
          key: `inventory:${name}`,
          title: `Take ${name} out of ${path}`,
          detail: `It is named on ${named.length === 1 ? 'line' : 'lines'} ${lines}.`,
        },
      ],
    };
  }
  const yaml = json ? undefined : parseYaml(text, path);
  const value: unknown = json?.ok ? json.json.value : yaml?.ok ? yaml.yaml.toJs() : undefined;
  const listing = findListing(value, knownNames(context), []);
  const entry = listing?.entries.find((one) => one.name === name);
  if (!listing || !entry) return none;
  const at = [...listing.path, entry.key];
  if (!json?.ok) return { ...none, parts: [{ kind: 'yaml', path, at }] };
  const lines = linesOfChild(json.json, at);
  if (lines) return { ...none, parts: [{ kind: 'lines', path, ...lines }] };
  return {
    ...none,
    kept: [
      {
        kind: 'inventory-by-hand',
        path,
        message: `${name} is the last of its list here: take it out by hand, with the comma before it.`,
      },
    ],
  };
}

function knownNames({ tree, profile, manifest }: EmitContext): ReadonlySet<string> {
  return new Set([...serviceNames(tree, profile).map((service) => service.name), manifest.name]);
}

/** The keys of the neighbour, with what they say of this service; what nobody knows is left out. */
function fieldsLike(listing: Listing, context: EmitContext): Record<string, string | number | string[]> {
  const facts = entryFactsOf(context);
  const model = listing.entries.at(-1)?.fields ?? {};
  return Object.fromEntries(
    Object.entries(model).flatMap(([key, example]) => {
      const value = key === listing.nameKey ? facts.name : valueFor(key, example, facts, context);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function valueFor(
  key: string,
  example: unknown,
  facts: EntryFacts,
  context: EmitContext,
): string | number | string[] | undefined {
  const port = context.manifest.ports.find((one) => one.external !== 'none');
  const from = port && port.external !== 'none' ? port.external.from : undefined;
  const address = runbookOf(context);
  const known: Readonly<Record<string, string | number | string[] | undefined>> = {
    name: facts.name,
    service: facts.name,
    id: facts.name,
    job: facts.name,
    title: facts.title,
    displayname: facts.title,
    label: facts.title,
    description: facts.purpose,
    purpose: facts.purpose,
    summary: facts.purpose,
    stack: facts.stack,
    container: facts.container,
    containername: facts.container,
    host: facts.host,
    domain: facts.host,
    url: facts.host === undefined ? undefined : `https://${facts.host}`,
    address: facts.host === undefined ? undefined : `https://${facts.host}`,
    owner: facts.owner,
    team: facts.owner,
    category: facts.category,
    group: facts.category,
    status: facts.lifecycle,
    lifecycle: facts.lifecycle,
    tags: [facts.category],
    port: typeof example === 'string' && from !== undefined ? String(from) : from,
    runbook: /^https?:/.test(asText(example) ?? '') ? (address?.url ?? address?.path) : address?.path,
    health: context.manifest.runtime.healthCheck?.path,
    healthendpoint: context.manifest.runtime.healthCheck?.path,
    dashboard: context.manifest.observability.dashboard ? facts.name : undefined,
  };
  return known[key.toLowerCase().replace(/[_-]/g, '')];
}

function isDashboard(json: ParsedJson): boolean {
  return asList(asRecord(json.value)?.['panels']) !== undefined;
}

/** A text of a dashboard that names services: the choices of a variable, or a table in a text panel. */
interface NamingPlace {
  line: number;
  what: string;
  names: string[];
  /** What is added to the text, as it stands in the file. */
  addition: string | undefined;
}

function byHand(context: EmitContext, json: ParsedJson): Emission {
  const { manifest } = context;
  const missing = placesIn(json, context).filter((place) => !place.names.includes(manifest.name));
  const steps = missing.flatMap((place) =>
    place.addition === undefined ? [] : [{ ...place, addition: place.addition }],
  );
  const [first] = steps;
  if (!first) return { edits: [] };
  return {
    edits: [],
    findings: [
      {
        kind: 'inventory-by-hand',
        path: json.path,
        line: first.line,
        message: `The inventory names its services inside lines that are there already, which an addition does not change: ${manifest.name} is put there by hand, after the merge or in this pull request.`,
      },
    ],
    followUps: steps.map((step, index) => ({
      phase: 'observe',
      key: `inventory:${manifest.name}:${index + 1}`,
      title: `Add ${manifest.name} to ${json.path}, line ${step.line}`,
      detail: `At the end of ${step.what}, inside its quotes: ${step.addition}`,
    })),
  };
}

function placesIn(json: ParsedJson, context: EmitContext): NamingPlace[] {
  const services = knownNames(context);
  const facts = entryFactsOf(context);
  const places: NamingPlace[] = [];
  const visit = (node: JsonNode, key: string): void => {
    if (node.kind === 'object') for (const entry of node.entries) visit(entry.value, entry.key);
    else if (node.kind === 'array') for (const item of node.items) visit(item, key);
    else if (typeof node.value === 'string') {
      const place =
        key === 'query'
          ? choices(node.value, services, facts)
          : key === 'content'
            ? rows(node.value, services, facts, json.path, context)
            : undefined;
      if (place) places.push({ ...place, line: lineOf(json.text, node.start) });
    }
  };
  visit(json.root, '');
  return places;
}

function choices(
  text: string,
  services: ReadonlySet<string>,
  facts: EntryFacts,
): Omit<NamingPlace, 'line'> | undefined {
  const names = text.split(',').map((name) => (name.includes(' : ') ? (name.split(' : ')[1] ?? '') : name).trim());
  if (names.filter((name) => services.has(name)).length < 2) return undefined;
  return { what: '“query”', names, addition: `${/,\s/.test(text) ? ', ' : ','}${facts.name}` };
}

function rows(
  text: string,
  services: ReadonlySet<string>,
  facts: EntryFacts,
  path: string,
  context: EmitContext,
): Omit<NamingPlace, 'line'> | undefined {
  const namesOf = (table: Table): string[] => table.rows.map((row) => (row.cells[0]?.text ?? '').replace(/^`|`$/g, ''));
  const table = outlineOf(text).tables.find((one) => namesOf(one).filter((name) => services.has(name)).length >= 2);
  if (!table) return undefined;
  const row = rowFor(table, facts, { text, path, tree: context.tree });
  const [before, behind] = text.endsWith('\n') ? ['', '\n'] : ['\n', ''];
  return {
    what: '“content”',
    names: namesOf(table),
    addition: row === undefined ? undefined : JSON.stringify(`${before}${row}${behind}`).slice(1, -1),
  };
}
