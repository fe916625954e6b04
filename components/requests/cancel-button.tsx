/** Cancels a request, after saying what that undoes. */
import type { ActionResult } from '@/lib/http/action';
import type { RequestAction } from '@/lib/requests/states';
import { ConfirmAction } from './confirm-action';

const doing: Record<RequestAction, string> = { add: 'adding', change: 'changing', remove: 'removing' };

/** What follows for the service and what it has. */
const given: Record<RequestAction, (name: string) => string> = {
  add: () => 'Its ports, host and runbook number are free for others at once.',
  change: (name) => `${name} stays as it is in main. Ports and hosts that only the change needs are free at once.`,
  remove: (name) => `${name} stays as it is in main, with its ports and hosts.`,
};

export function CancelButton({
  serviceName,
  action,
  opened,
  cancel,
}: {
  serviceName: string;
  action: RequestAction;
  /** Whether there is a pull request to close. */
  opened: boolean;
  cancel: () => Promise<ActionResult<null>>;
}) {
  return (
    <ConfirmAction
      label="Cancel request"
      doing="Cancelling"
      title={`Cancel ${doing[action]} ${serviceName}?`}
      consequences={[
        opened
          ? 'The pull request is closed and its branch deleted, unless somebody else has committed to it.'
          : 'No pull request is opened.',
        given[action](serviceName),
        'The tracker is told. The spec stays in this request.',
      ]}
      keep="Keep it"
      danger
      act={cancel}
    />
  );
}
