/**
 * The service's line in the architecture index (runbook-024, section 8): what it is, with a link to its runbook, the way that the index writes
 * its other lines.
 */
import { entriesOf, entryFor } from '../../markdown/entry';
import type { Emission, EmitContext, Emitter } from '../../types';
import { entryFactsOf } from '../runbook/address';
import { linesAbout } from '../runbook/owned';

export const architectureIndexEmitter: Emitter = {
  name: 'architecture-index',
  commit: 'docs',
  applies: ({ profile }) => profile.runbooks?.architectureIndex !== undefined,
  emit,
  owned: (context) => {
    const path = context.profile.runbooks?.architectureIndex;
    return { parts: path === undefined ? [] : linesAbout(context, path) };
  },
};

function emit(context: EmitContext): Emission {
  const path = context.profile.runbooks?.architectureIndex;
  if (path === undefined) return { edits: [] };
  const text = context.tree.read(path);
  if (text === undefined)
    return {
      edits: [],
      findings: [
        { kind: 'index-missing', path, message: 'The profile names this architecture index, and it is not there.' },
      ],
    };
  const facts = entryFactsOf(context);
  const page = { text, path, tree: context.tree };
  if (entriesOf(facts, page).length > 0) return { edits: [] };
  const entry = entryFor(facts, page);
  if (entry) return { edits: [{ kind: 'splice', path, start: entry.at, end: entry.at, text: entry.text }] };
  const where = facts.runbook ? ` and a link to ${facts.runbook.path}` : '';
  return {
    edits: [],
    findings: [
      {
        kind: 'index-without-table',
        path,
        message: `No table or list here has a place for ${facts.title}. Add a line by hand: what it is${where}.`,
      },
    ],
  };
}
