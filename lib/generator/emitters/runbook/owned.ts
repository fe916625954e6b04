/** The service's page and its line in the catalog, as they stand now. */
import { entriesOf } from '../../markdown/entry';
import type { EmitContext, OwnedPart, Ownership } from '../../types';
import { entryFactsOf, runbookOf } from './address';

export function owned(context: EmitContext): Ownership {
  const address = runbookOf(context);
  const parts: OwnedPart[] = [];
  if (address?.own) parts.push({ kind: 'file', path: address.own.path });
  const path = context.profile.runbooks?.catalog;
  return { parts: path === undefined ? parts : [...parts, ...linesAbout(context, path)] };
}

/** The lines about the service on a page that people keep, as parts. */
export function linesAbout(context: EmitContext, path: string, options: { under?: string } = {}): OwnedPart[] {
  const text = context.tree.read(path);
  if (text === undefined) return [];
  return entriesOf(entryFactsOf(context), { text, path, tree: context.tree }, options).map(({ start, end }) => ({
    kind: 'lines',
    path,
    start,
    end,
  }));
}
