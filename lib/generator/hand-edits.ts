/** What people changed in the service's own blocks since Slipway wrote them, as far as it can be told: shown before it is taken out. */
import { ownedBy } from './emit-all';
import { diffLines } from './line-diff';
import { pairUp } from './pair-up';
import { findRuns, textsOf, type Owner, type TakenOut } from './take-out';
import { HAND_EDITED, type Finding, type OwnedPart } from './types';
import { splitLines } from './yaml/lines';

/** More lines than these are counted, not shown. */
const SHOWN = 12;

/**
 * A finding for each own block or file that reads differently from what Slipway would write today, with the lines that are not Slipway's.
 * Nothing where Slipway could not write it today, since something stands in its way.
 */
export function handEdits({ emitters, context }: Owner, parts: readonly OwnedPart[], taken: TakenOut): Finding[] {
  const { anew } = taken;
  if (!anew) return [];
  const again = ownedBy(emitters, { ...context, tree: anew }).parts;
  const files = parts.flatMap((part): Finding[] => {
    if (part.kind !== 'file') return [];
    const there = context.tree.read(part.path);
    const wanted = again.some((one) => one.path === part.path) ? (anew.read(part.path) ?? '') : '';
    return there === undefined ? [] : handEdited({ path: part.path, line: 1, what: 'The file' }, there, wanted);
  });
  const blocks = taken.cuts.flatMap(({ path, text, cuts }): Finding[] => {
    const own = cuts.flatMap((cut) => cut.run.members);
    const now = anew.read(path) ?? '';
    const there = own.map(({ start, end }) => text.slice(start, end));
    const wanted = textsOf(
      now,
      findRuns(
        path,
        now,
        again.filter((part) => part.path === path && part.kind !== 'file'),
      ).runs,
    );
    const partner = new Map(pairUp(there, wanted));
    return own.flatMap((member, index) => {
      const line = splitLines(text.slice(0, member.start)).length + 1;
      const other = wanted[partner.get(index) ?? -1] ?? '';
      return handEdited({ path, line, what: 'This block' }, there[index] ?? '', other);
    });
  });
  return [...files, ...blocks];
}

/** The finding for one block or file, `wanted` being what Slipway writes there; none where it reads so. */
export function handEdited(
  place: { path: string; line: number; what: string },
  there: string,
  wanted: string,
): Finding[] {
  if (there.replace(/\r?\n$/, '') === wanted.replace(/\r?\n$/, '')) return [];
  const lines = diffLines(wanted, there)
    .filter((change) => change.kind === 'added')
    .flatMap((change) => change.lines)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const shown = lines.slice(0, SHOWN).map((line) => `“${line}”`);
  const more = lines.length > SHOWN ? ` and ${lines.length - SHOWN} more lines` : '';
  const said =
    lines.length === 0
      ? 'lines were taken out of it'
      : `these lines are not Slipway’s and go with it: ${shown.join(', ')}${more}`;
  return [
    {
      kind: HAND_EDITED,
      path: place.path,
      line: place.line,
      message: `${place.what} was edited by hand: ${said}.`,
    },
  ];
}
