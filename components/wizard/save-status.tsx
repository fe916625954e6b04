'use client';
/** Whether what was typed is safe, and what to do where it is not. */
import { Button, ButtonLink } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/relative-time';
import type { SaveState } from './save-state';

interface Props {
  state: SaveState;
  /** Fields that are not saved, because they wait for a choice. */
  held: number;
  here: string;
  retry: () => void;
}

export function SaveStatus({ state, held, here, retry }: Props) {
  return (
    <span role="status" className="flex items-center gap-2">
      {state.status === 'saving' ? 'Saving' : null}
      {state.status === 'saved' ? (
        <span>
          Saved <RelativeTime at={state.at} />
          {held > 0 ? (
            <span className="text-warn-ink max-md:hidden">
              , but for {held} {held === 1 ? 'field' : 'fields'}
            </span>
          ) : null}
        </span>
      ) : null}
      {state.status === 'heard' ? (
        <span>
          {state.by ?? 'You'} saved <RelativeTime at={state.at} />
          {state.by ? null : <span className="max-md:hidden"> elsewhere</span>}
        </span>
      ) : null}
      {state.status === 'failed' ? (
        <>
          <span className="text-warn-ink" title={state.message}>
            {state.kind === 'signed-out'
              ? 'Your session has ended'
              : state.kind === 'over'
                ? 'No longer open'
                : 'Not saved'}
          </span>
          {state.kind === 'signed-out' ? (
            <ButtonLink size="sm" href={`/sign-in?next=${encodeURIComponent(here)}`} prefetch={false}>
              Sign in again
            </ButtonLink>
          ) : state.kind !== 'over' ? (
            <Button size="sm" onClick={retry}>
              Try again
            </Button>
          ) : state.owner?.href === undefined ? null : (
            <ButtonLink size="sm" href={state.owner.href}>
              Open {state.owner.label}
            </ButtonLink>
          )}
        </>
      ) : null}
    </span>
  );
}
