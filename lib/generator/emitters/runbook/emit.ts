/**
 * The service's runbook (runbook-024, section 8): its page under the number that was decided, and its row in the catalog. A page that is there is
 * its readers' own: it is never written over.
 */
import { entriesOf, entryFor } from '../../markdown/entry';
import { observeRunbooks } from '../../observe/runbooks';
import type { Emission, EmitContext, Emitter } from '../../types';
import { metricsSeries } from '../prometheus/series';
import { entryFactsOf, runbookOf } from './address';
import { owned } from './owned';
import { renderRunbook } from './page';

export const runbookEmitter: Emitter = {
  name: 'runbook',
  commit: 'docs',
  applies: ({ manifest, profile }) => manifest.runbook !== undefined && profile.runbooks !== undefined,
  emit,
  owned,
};

function emit(context: EmitContext): Emission {
  const { manifest, profile, tree } = context;
  const address = runbookOf(context);
  if (!address || !profile.runbooks) return { edits: [] };
  const { id, name, heading, path, own, number } = address;
  const other =
    own || id === undefined ? undefined : observeRunbooks(tree, profile).find((page) => page.number === number);
  if (other)
    return {
      edits: [],
      conflicts: [
        {
          kind: 'file',
          field: 'docs.runbook',
          path: other.path,
          message: `${name} is taken by “${other.title}”. Plan again: the next free number is found anew.`,
        },
      ],
    };
  const emission: Required<Pick<Emission, 'edits' | 'findings'>> = { edits: [], findings: [] };
  const text = renderRunbook(manifest, profile, heading, metricsSeries(context));
  if (!own) emission.edits.push({ kind: 'create', path, text });
  else if (tree.read(path) !== text)
    emission.findings.push({
      kind: 'runbook-kept',
      path,
      message: `The service has a runbook already; it was left as it is.`,
    });
  addToCatalog(context, name, emission);
  return emission;
}

function addToCatalog(
  context: EmitContext,
  name: string,
  emission: Required<Pick<Emission, 'edits' | 'findings'>>,
): void {
  const path = context.profile.runbooks?.catalog;
  const text = path === undefined ? undefined : context.tree.read(path);
  if (path === undefined || text === undefined) return;
  const facts = entryFactsOf(context);
  const page = { text, path, tree: context.tree };
  if (entriesOf(facts, page).length > 0) return;
  const entry = entryFor(facts, page, { runbooksOnly: true });
  if (entry) emission.edits.push({ kind: 'splice', path, start: entry.at, end: entry.at, text: entry.text });
  else
    emission.findings.push({
      kind: 'catalog-without-table',
      path,
      message: `No table or list here names runbooks, so that ${name} could be added to it.`,
    });
}
