/** Something went wrong: what, what to do next, and the reference under which the log has the rest. */
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button';

export function ErrorState({
  title,
  children,
  reference,
  actions,
}: {
  title: string;
  children: ReactNode;
  reference?: string | undefined;
  /** Retry first, then other ways on. */
  actions?: ReactNode;
}) {
  return (
    <div className="flex-1 bg-surface">
      <div role="alert" className="mx-auto flex max-w-[560px] flex-col items-start gap-2 px-6 py-16">
        <h1 className="text-20 font-semibold tracking-[-.015em]">{title}</h1>
        <div className="text-ink-2">{children}</div>
        {reference ? (
          <p className="flex items-center gap-1.5 text-12 text-ink-3">
            Reference <code className="mono text-ink-2">{reference}</code>
            <CopyButton value={reference} label="Copy reference" />
          </p>
        ) : null}
        {actions ? <div className="mt-3 flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </div>
  );
}
