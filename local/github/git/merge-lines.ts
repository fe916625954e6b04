/**
 * The three-way merge of one file's bytes. As Git has it: changes that overlap or touch are a conflict unless both sides made
 * the very same one.
 */
import { isBinary, lineChanges, splitLines, type LineChange } from './line-changes';

/** One side's text for base lines `start` to `end`, given the changes that lie in there. */
function sideText(base: readonly string[], changes: readonly LineChange[], start: number, end: number): string[] {
  const lines: string[] = [];
  let position = start;
  for (const change of changes) {
    lines.push(...base.slice(position, change.start), ...change.lines);
    position = change.end;
  }
  return [...lines, ...base.slice(position, end)];
}

/** Takes from the front of both lists the first change and all that overlaps or touches it, however far that leads. */
function takeGroup(
  ours: LineChange[],
  theirs: LineChange[],
): { ours: LineChange[]; theirs: LineChange[]; start: number; end: number } {
  const start = Math.min(ours[0]?.start ?? Infinity, theirs[0]?.start ?? Infinity);
  const group: { ours: LineChange[]; theirs: LineChange[] } = { ours: [], theirs: [] };
  let end = -1;
  for (;;) {
    const mine = ours[0];
    const their = theirs[0];
    const reach = end === -1 ? start : end;
    if (
      mine !== undefined &&
      mine.start <= reach &&
      (their === undefined || mine.start <= their.start || their.start > reach)
    ) {
      group.ours.push(mine);
      ours.shift();
      end = Math.max(end, mine.end);
    } else if (their !== undefined && their.start <= reach) {
      group.theirs.push(their);
      theirs.shift();
      end = Math.max(end, their.end);
    } else {
      return { ...group, start, end };
    }
  }
}

/**
 * Merges what `ours` and `theirs` each changed in `base`.
 * @returns the merged bytes, or undefined where the two conflict (always so for binary files that both changed).
 */
export function mergeLines(base: Buffer, ours: Buffer, theirs: Buffer): Buffer | undefined {
  if (ours.equals(theirs) || theirs.equals(base)) return ours;
  if (ours.equals(base)) return theirs;
  if ([base, ours, theirs].some(isBinary)) return undefined;
  const lines = splitLines(base);
  const mine = lineChanges(lines, splitLines(ours));
  const other = lineChanges(lines, splitLines(theirs));
  const merged: string[] = [];
  let position = 0;
  while (mine.length > 0 || other.length > 0) {
    const group = takeGroup(mine, other);
    merged.push(...lines.slice(position, group.start));
    const myText = sideText(lines, group.ours, group.start, group.end);
    const theirText = sideText(lines, group.theirs, group.start, group.end);
    if (group.theirs.length === 0) merged.push(...myText);
    else if (group.ours.length === 0 || myText.join('') === theirText.join('')) merged.push(...theirText);
    else return undefined;
    position = group.end;
  }
  merged.push(...lines.slice(position));
  return Buffer.from(merged.join(''), 'latin1');
}
