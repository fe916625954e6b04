/**
 * The service's runbook (runbook-024, section 8): its page under the number that was decided, and its row in the catalog. A page that is there is
 * its readers' own: it is never written over.
 */
import { observeRunbooks } from '../../observe/runbooks';
import type { Emission, EmitContext, Emitter } from '../../types';
import { catalogRow } from './catalog-row';
import { renderRunbook, runbookId, runbookTitle } from './page';

export const runbookEmitter: Emitter = {
  name: 'runbook',
  commit: 'docs',
  applies: ({ manifest, profile }) => manifest.runbook !== undefined && profile.runbooks !== undefined,
  emit,
};

/** Where the page of a service goes. */
export function runbookPath(folder: string, fileName: string, number: number, slug: string): string {
  const name = fileName.replaceAll('{number}', String(number).padStart(3, '0')).replaceAll('{slug}', slug);
  return `${folder.replace(/\/+$/, '')}/${name}`;
}

function emit({ manifest, profile, tree }: EmitContext): Emission {
  const { runbooks } = profile;
  const { runbook } = manifest;
  if (!runbooks || !runbook) return { edits: [] };
  const { number } = runbook;
  const emission: Required<Emission> = { edits: [], conflicts: [], refusals: [], findings: [], followUps: [] };
  const observed = observeRunbooks(tree, profile);
  const own = observed.find((page) => page.slug === manifest.name && page.number === number);
  const path = own?.path ?? runbookPath(runbooks.folder, runbooks.fileName, number, manifest.name);
  const text = renderRunbook(manifest, profile, number);

  const other = own ? undefined : observed.find((page) => page.number === number);
  if (other)
    emission.conflicts.push({
      kind: 'file',
      field: 'docs.runbook',
      path: other.path,
      message: `${runbookId(number)} is taken by “${other.title}”. Plan again: the next free number is found anew.`,
    });
  else if (!own) emission.edits.push({ kind: 'create', path, text });
  else if (tree.read(path) !== text)
    emission.findings.push({
      kind: 'runbook-kept',
      path,
      message: `The service has a runbook already; it was left as it is.`,
    });

  const catalog = runbooks.catalog === undefined ? undefined : tree.read(runbooks.catalog);
  if (runbooks.catalog !== undefined && catalog !== undefined && !other) {
    const row = catalogRow(catalog, { path, number }, manifest);
    if (row === undefined)
      emission.findings.push({
        kind: 'catalog-without-table',
        path: runbooks.catalog,
        message: `No table here lists runbooks, so that ${runbookId(number)} could be added to it.`,
      });
    else if (row !== 'present')
      emission.edits.push({ kind: 'splice', path: runbooks.catalog, start: row.at, end: row.at, text: row.text });
  }
  if (runbooks.architectureIndex !== undefined && !own)
    emission.followUps.push({
      phase: 'observe',
      key: 'architecture-index',
      title: `Add ${runbookTitle(manifest)} to ${runbooks.architectureIndex}`,
      detail: `One line on what it is, with a link to ${path}.`,
    });
  return emission;
}
