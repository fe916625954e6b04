/** A file that is wholly the service's, changed from what one spec gives to what another gives; what people changed in it stays. */
import type { Versions } from './change-owned';
import { handEdited } from './hand-edits';
import { mergeLines } from './merge-lines';
import { mergeRefusal } from './merge-refusal';
import type { Finding, OwnedPart, Refusal } from './types';
import { mergeNodes } from './yaml/merge';
import { parseYaml } from './yaml/parse';
import { replaceRanges } from './yaml/replace';

export interface FileResult {
  /** The file as it is to be: null where it goes, undefined where it is left as it is. */
  text: string | null | undefined;
  /** As the new spec alone gives it; null where it gives none. */
  pristine: string | null;
  refusals: Refusal[];
  findings: Finding[];
}

/** What becomes of the file. One that people deleted stays so; one that only they wrote stays too. */
export function changeFile(path: string, versions: Versions): FileResult {
  const read = ({ tree, parts }: { tree: Versions['base']['tree']; parts: readonly OwnedPart[] }) =>
    parts.some((part) => part.path === path && part.kind === 'file') ? tree.read(path) : undefined;
  const [present, base, next] = [read(versions.present), read(versions.base), read(versions.next)];
  const result: FileResult = { text: undefined, pristine: next ?? null, refusals: [], findings: [] };
  if (present === undefined) return base === undefined && next !== undefined ? { ...result, text: next } : result;
  if (base === undefined) return { ...result, pristine: next ?? present };
  if (next === undefined) {
    const findings = handEdited({ path, line: 1, what: 'The file' }, present, base);
    return { ...result, text: null, findings };
  }
  if (present === next || base === next) return result;
  if (present === base) return { ...result, text: next };
  return { ...result, ...mergeFile(path, { present, base, next }) };
}

function mergeFile(
  path: string,
  texts: { present: string; base: string; next: string },
): { text: string; refusals: Refusal[] } {
  const [present, base, next] = [texts.present, texts.base, texts.next].map((text) => parseYaml(text, path));
  if (/\.ya?ml$/i.test(path) && present?.ok && base?.ok && next?.ok) {
    const side = (parsed: typeof present) => ({ yaml: parsed.yaml, path: [] });
    const { replacements, conflicts } = mergeNodes(side(present), side(base), side(next));
    return {
      text: replaceRanges(texts.present, replacements),
      refusals: conflicts.map((conflict) => mergeRefusal(path, conflict.path.join('.'), conflict)),
    };
  }
  const { text, conflicts } = mergeLines(texts.base, texts.present, texts.next);
  return { text, refusals: conflicts.map((conflict) => mergeRefusal(path, `line ${conflict.line}`, conflict)) };
}
