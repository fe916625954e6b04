/** Cancels a request, after saying what that undoes. */
import type { ActionResult } from '@/lib/http/action';
import { ConfirmAction } from './confirm-action';

export function CancelButton({
  serviceName,
  opened,
  cancel,
}: {
  serviceName: string;
  /** Whether there is a pull request to close. */
  opened: boolean;
  cancel: () => Promise<ActionResult<null>>;
}) {
  return (
    <ConfirmAction
      label="Cancel request"
      doing="Cancelling"
      title={`Cancel adding ${serviceName}?`}
      consequences={[
        opened
          ? 'The pull request is closed and its branch deleted, unless somebody else has committed to it.'
          : 'No pull request is opened.',
        'Its ports, host and runbook number are free for others at once.',
        'The tracker is told. The spec stays in this request.',
      ]}
      keep="Keep it"
      danger
      act={cancel}
    />
  );
}
