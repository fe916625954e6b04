/** What one part of the emitter has to add and to say. */
import type { Conflict, FileEdit, Finding, FollowUp, Refusal } from '../../types';

export interface Outcome {
  edits: FileEdit[];
  conflicts: Conflict[];
  refusals: Refusal[];
  findings: Finding[];
  followUps: FollowUp[];
}

export function nothing(): Outcome {
  return { edits: [], conflicts: [], refusals: [], findings: [], followUps: [] };
}
