/**
 * The page's place in a book's navigation, where people list the pages by hand: `nav` of mkdocs.yml, or a SUMMARY.md. A page that is in none is not
 * found, and strict builds fail over it.
 */
import { entriesOf, entryFor } from '../../markdown/entry';
import type { Emission, EmitContext, Emitter, OwnedPart } from '../../types';
import { insertSequenceItem, toEdits } from '../../yaml/insert';
import { parseYaml } from '../../yaml/parse';
import { entryFactsOf } from '../runbook/address';
import { linesAbout } from '../runbook/owned';
import { navigationIn, placeIn } from './nav';

export const navigationEmitter: Emitter = {
  name: 'navigation',
  commit: 'docs',
  applies: ({ manifest, profile }) => manifest.runbook !== undefined && profile.runbooks?.navigation !== undefined,
  emit,
  owned: (context) => ({ parts: partsOf(context) }),
};

function emit(context: EmitContext): Emission {
  const path = context.profile.runbooks?.navigation;
  const text = path === undefined ? undefined : context.tree.read(path);
  const facts = entryFactsOf(context);
  if (path === undefined || !facts.runbook) return { edits: [] };
  if (text === undefined) return missing(path, 'The profile names it as runbooks.navigation, and it is not there.');
  if (/\.ya?ml$/i.test(path)) return addToYaml(context, path, text);
  const page = { text, path, tree: context.tree };
  if (entriesOf(facts, page).length > 0) return { edits: [] };
  const entry = entryFor(facts, page, { runbooksOnly: true, nested: true });
  return entry
    ? { edits: [{ kind: 'splice', path, start: entry.at, end: entry.at, text: entry.text }] }
    : missing(path, `No list here leads to runbooks, so that ${facts.runbook.path} could be added to it.`);
}

function addToYaml(context: EmitContext, path: string, text: string): Emission {
  const parsed = parseYaml(text, path);
  if (!parsed.ok) return { edits: [], refusals: [parsed.refusal] };
  const facts = entryFactsOf(context);
  const navigation = navigationIn(parsed.yaml, path, context);
  if (!navigation)
    return missing(
      path,
      `No list under nav leads to runbooks, so that ${facts.runbook?.path ?? ''} could be added to it.`,
    );
  if (navigation.own !== undefined) return { edits: [] };
  const before = placeIn(navigation);
  const result = insertSequenceItem(
    parsed.yaml,
    navigation.at,
    navigation.item,
    before === undefined ? {} : { before },
  );
  return result.ok ? { edits: toEdits(path, [result.splice]) } : { edits: [], refusals: [result.refusal] };
}

function missing(path: string, message: string): Emission {
  return { edits: [], findings: [{ kind: 'navigation-without-list', path, message }] };
}

function partsOf(context: EmitContext): OwnedPart[] {
  const path = context.profile.runbooks?.navigation;
  const text = path === undefined ? undefined : context.tree.read(path);
  if (path === undefined || text === undefined) return [];
  if (!/\.ya?ml$/i.test(path)) return linesAbout(context, path);
  const parsed = parseYaml(text, path);
  const own = parsed.ok ? navigationIn(parsed.yaml, path, context)?.own : undefined;
  return own === undefined ? [] : [{ kind: 'yaml', path, at: own }];
}
