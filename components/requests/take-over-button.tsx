/** Lets Slipway write again to a branch to which a person committed, after saying what becomes of their work. */
import type { ActionResult } from '@/lib/http/action';
import { ConfirmAction } from './confirm-action';

export function TakeOverButton({
  by,
  branch,
  takeOver,
}: {
  /** Whose the branch is. */
  by: string;
  branch: string;
  takeOver: () => Promise<ActionResult<null>>;
}) {
  return (
    <ConfirmAction
      label="Take the branch over"
      doing="Asking"
      title={`Take ${branch} over from ${by}?`}
      consequences={[
        'Slipway plans the service again on main as it is now, and commits that on top of the branch.',
        `The commits of ${by} stay in the history; what they changed in the files is gone from the result.`,
        'From then on Slipway keeps the branch mergeable again.',
      ]}
      keep={`Leave it to ${by}`}
      act={takeOver}
    />
  );
}
