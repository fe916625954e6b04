/** The words for a place that a person changed and that a change of the spec is about. */
import type { Refusal } from './types';

/** @param under what it is called: the path of the node, or the line. */
export function mergeRefusal(
  path: string,
  under: string,
  conflict: { line: number; wanted: string | undefined; reason?: string },
): Refusal {
  const { line, wanted, reason = 'It was changed by hand since' } = conflict;
  const what =
    wanted === undefined || wanted === ''
      ? 'the new spec does without it. Take it out'
      : 'the new spec wants what stands below. Put it there';
  return {
    path,
    line,
    reason: `${under}: ${reason}, and ${what}, or make the spec say what you want, then plan again.`,
    ...(wanted === undefined || wanted === ''
      ? {}
      : { paste: { under, text: wanted.replace(/\r\n/g, '\n').replace(/\n?$/, '\n') } }),
  };
}
