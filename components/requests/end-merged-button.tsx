'use client';
/** Ends a merged request that main does not show: asks why, and says what follows. */
import type { ActionResult } from '@/lib/http/action';
import type { RequestAction } from '@/lib/requests/states';
import { ConfirmAction } from './confirm-action';

const given: Record<RequestAction, (name: string) => string> = {
  add: () => 'Its ports, host, runbook number and name are free for others at once.',
  change: (name) => `${name} stays as it was. Ports and hosts that only the change had are free at once.`,
  remove: (name) => `${name} stays, with its ports and hosts.`,
};

export function EndMergedButton({
  serviceName,
  action,
  branch,
  end,
}: {
  serviceName: string;
  action: RequestAction;
  /** The base branch, which does not show it. */
  branch: string;
  end: (reason: string) => Promise<ActionResult<null>>;
}) {
  return (
    <ConfirmAction
      label="End request"
      doing="Ending"
      title={`End what ${branch} does not show?`}
      consequences={[
        `GitHub is asked once more: where ${branch} shows it by now, nothing is ended.`,
        given[action](serviceName),
        'The tracker is told. The spec stays in this request.',
      ]}
      keep="Keep it"
      danger
      reason={{ label: 'Reason' }}
      act={end}
    />
  );
}
