'use client';
/** A word about a control that has only an icon or is cut off. Never the only place where something is said: the control has its own name too. */
import * as Radix from 'radix-ui/tooltip';
import type { ReactElement, ReactNode } from 'react';

/** `<Tooltip text="Copy host"><button aria-label="Copy host">…</button></Tooltip>`. Opens on hover and on focus, Escape closes it. */
export function Tooltip({
  text,
  side = 'top',
  children,
}: {
  text: ReactNode;
  side?: 'top' | 'bottom' | 'left' | 'right';
  children: ReactElement;
}) {
  return (
    <Radix.Provider delayDuration={400}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-60 max-w-72 rounded-3 bg-raised px-2 py-1 text-12 text-ink shadow-2"
          >
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
