/** The service's line in a README that lists services (runbook-024, section 8), under the heading that the profile names. */
import { entriesOf, entryFor } from '../../markdown/entry';
import { outlineOf } from '../../markdown/outline';
import { profilePath } from '../../profile';
import type { Emission, EmitContext, Emitter, Finding } from '../../types';
import { entryFactsOf } from '../runbook/address';
import { linesAbout } from '../runbook/owned';

export const readmeEmitter: Emitter = {
  name: 'readme',
  commit: 'docs',
  applies: ({ profile }) => profile.runbooks?.readme !== undefined,
  emit,
  owned: (context) => {
    const readme = context.profile.runbooks?.readme;
    return { parts: readme ? linesAbout(context, readme.file, { under: readme.heading }) : [] };
  },
};

function emit(context: EmitContext): Emission {
  const readme = context.profile.runbooks?.readme;
  if (!readme) return { edits: [] };
  const { file: path, heading } = readme;
  const missing = (where: string, message: string): Emission => {
    const finding: Finding = { kind: 'readme-without-list', path: where, message };
    return { edits: [], findings: [finding] };
  };
  const text = context.tree.read(path);
  if (text === undefined) return missing(profilePath, `runbooks.readme names ${path}, which is not there.`);
  const facts = entryFactsOf(context);
  const page = { text, path, tree: context.tree };
  if (entriesOf(facts, page, { under: heading }).length > 0) return { edits: [] };
  const entry = entryFor(facts, page, { under: heading });
  if (entry) return { edits: [{ kind: 'splice', path, start: entry.at, end: entry.at, text: entry.text }] };
  const known = outlineOf(text).headings.some((one) => one.text === heading);
  return missing(
    path,
    known
      ? `Under “${heading}” there is no table or list that ${facts.title} could be added to.`
      : `There is no heading “${heading}”, which the profile names in runbooks.readme.`,
  );
}
