/** Where a request stands. Promised states are dashed, reality is plain, trouble has its own ink; the words come from the domain. */
import { Anchor, Archive, Ban, CircleDashed, Eye, GitMerge, TriangleAlert, X, type LucideIcon } from 'lucide-react';
import { stateLabels, type RequestState } from '@/lib/requests/states';
import { Pill, type PillTone } from '@/components/ui/pill';

const looks: Record<RequestState, { tone: PillTone; Icon: LucideIcon }> = {
  submitted: { tone: 'promised', Icon: CircleDashed },
  checking: { tone: 'promised', Icon: CircleDashed },
  opening: { tone: 'promised', Icon: CircleDashed },
  in_review: { tone: 'promised', Icon: Eye },
  merged: { tone: 'plain', Icon: GitMerge },
  live: { tone: 'plain', Icon: Anchor },
  failed: { tone: 'bad', Icon: TriangleAlert },
  closed: { tone: 'plain', Icon: X },
  cancelled: { tone: 'plain', Icon: Ban },
};

export function StatePill({ state, label, large = false }: { state: RequestState; label: string; large?: boolean }) {
  const { tone, Icon: IconOfState } = looks[state];
  // Removed, or superseded: it was live.
  const Icon = state === 'live' && label !== stateLabels.live ? Archive : IconOfState;
  return (
    <Pill tone={tone} large={large}>
      <Icon aria-hidden="true" strokeWidth={2.2} className={large ? 'size-[13px]' : 'size-[11px]'} />
      {label}
    </Pill>
  );
}
