/**
 * Turns a service that stands in a repository into the change set that takes it out: the emitters' own parts in reverse order, pages first and the
 * ports last. What others refer to stays and is named; what another service depends on stands in the way; what people edited in the service's own
 * blocks is shown before it goes.
 */
import { describeCommit } from './commit-words';
import { emitters as allEmitters } from './emitters/index';
import { handEdits } from './hand-edits';
import type { PlanInput } from './plan';
import { runSteps, type Step } from './plan-steps';
import { takeOut } from './take-out';
import { commitKeys, type EmitContext, type Emitter, type Plan } from './types';

/**
 * Plans the removal of a service: the mirror of {@link planAddition}, and the same bytes as before it where nobody touched them since.
 * Ports are free for others only once this is merged: that is the caller's to do, with the ports of `manifest`.
 * @param input with the spec that the service was last planned from.
 * @param emitters what to run; all of them except in tests.
 */
export function planRemoval(input: PlanInput, emitters: readonly Emitter[] = allEmitters): Plan {
  return runSteps({
    action: 'remove',
    tree: input.tree,
    profile: input.profile,
    turns: [...emitters].reverse(),
    commits: [...commitKeys].reverse(),
    take: (emitter, tree) => removeOwned(emitter, { ...input, tree }),
    describe: (key, names) => describeCommit('remove', key, input, names),
    findings: [],
    unconcerned: undefined,
  });
}

function removeOwned(emitter: Emitter, context: EmitContext): Step | undefined {
  if (!emitter.applies(context)) return undefined;
  const ownership = emitter.owned(context);
  const taken = takeOut({ emitters: [emitter], context }, ownership.parts);
  const executable = (path: string) => context.tree.isExecutable?.(path) ?? false;
  return {
    files: new Map(
      [...taken.files].map(([path, text]) => [path, text === null ? null : { text, executable: executable(path) }]),
    ),
    conflicts: ownership.conflicts ?? [],
    refusals: taken.refusals,
    findings: [...handEdits({ emitters: [emitter], context }, ownership.parts, taken), ...(ownership.kept ?? [])],
    followUps: taken.files.size > 0 ? (ownership.followUps ?? []) : [],
  };
}
