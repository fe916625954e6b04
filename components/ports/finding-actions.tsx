/** What an operator can do about a finding here: what mends it, or accepting that it stays. */
import { ConfirmAction } from '@/components/requests/confirm-action';
import type { ActionResult } from '@/lib/http/action';
import type { FindingView, HandReservedView } from '@/lib/ports/views';
import { formatPortRange } from '@/lib/services/port-range';
import { ReserveDialog } from './reserve-dialog';

export interface PortActions {
  reserve: (wish: unknown, key: string) => Promise<ActionResult<HandReservedView>>;
  release: (id: string, reason: string) => Promise<ActionResult<null>>;
  accept: (id: string, reason: string) => Promise<ActionResult<null>>;
  reopen: (id: string) => Promise<ActionResult<null>>;
}

export function ReleaseButton({
  id,
  what,
  release,
}: {
  id: string;
  /** `7880 of livekit`. */
  what: string;
  release: PortActions['release'];
}) {
  return (
    <ConfirmAction
      label="Release"
      doing="Releasing"
      title={`Release ${what}?`}
      consequences={[
        'Others may have the port at once.',
        'What main publishes stays as it is; a port that main has is not given to others.',
      ]}
      keep="Keep it"
      reason={{ label: 'Reason' }}
      small
      danger
      act={release.bind(null, id)}
    />
  );
}

export function FindingActions({
  finding,
  pools,
  actions,
}: {
  finding: FindingView;
  pools: readonly { name: string; free: number }[];
  actions: PortActions;
}) {
  const { id, state, remedy } = finding;
  if (state === 'mended') return null;
  return (
    <span className="flex flex-wrap gap-1.5">
      {remedy.kind === 'release' ? (
        <ReleaseButton id={remedy.reservationId} what="this port" release={actions.release} />
      ) : null}
      {remedy.kind === 'reserve' ? (
        <ReserveDialog
          label="Reserve"
          pools={pools}
          defaults={{ service: remedy.service, protocol: remedy.protocol, port: formatPortRange(remedy.range) }}
          small
          reserve={actions.reserve}
        />
      ) : null}
      {state === 'new' ? (
        <ConfirmAction
          label="Accept"
          doing="Accepting"
          title="Accept this finding?"
          consequences={[
            'It stays as it is, and counts no more as something to mend.',
            'When it is gone and comes back, it is new again.',
          ]}
          keep="Leave it open"
          reason={{ label: 'Reason' }}
          small
          act={actions.accept.bind(null, id)}
        />
      ) : (
        <ConfirmAction
          label="Open again"
          doing="Opening"
          title="Open this finding again?"
          consequences={['It counts as something to mend; the reason for accepting it is removed.']}
          keep="Leave it accepted"
          small
          act={actions.reopen.bind(null, id)}
        />
      )}
    </span>
  );
}
