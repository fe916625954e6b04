/** What happened, what is happening, what lies ahead. State is told by shape, line and word, not by colour alone. */
import type { ReactNode } from 'react';

export type TimelineState = 'done' | 'now' | 'ahead' | 'owed' | 'failed';

const said: Record<TimelineState, string> = {
  done: 'Done: ',
  now: 'Now: ',
  ahead: 'Ahead: ',
  owed: 'Owed: ',
  failed: 'Failed: ',
};

export function Timeline({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol className="timeline mt-1" aria-label={label}>
      {children}
    </ol>
  );
}

export function TimelineItem({
  state,
  icon,
  title,
  when,
  children,
}: {
  state: TimelineState;
  /** A 12 px icon for the node. */
  icon: ReactNode;
  title: ReactNode;
  when?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <li data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <span className="timeline-node" aria-hidden="true">
        {icon}
      </span>
      <div className="timeline-title">
        <span className="sr-only">{said[state]}</span>
        {title}
      </div>
      <div className="timeline-when">{when}</div>
      {children ? <div className="timeline-detail">{children}</div> : null}
    </li>
  );
}
