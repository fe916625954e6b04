/** A page outside of the portal's frame: the brand, and one thing to read or do. */
import type { ReactNode } from 'react';
import { BrandMark } from './brand';

export function LonePage({ children }: { children: ReactNode }) {
  return (
    <main id="main" className="flex min-h-dvh flex-col bg-canvas">
      <p className="flex h-(--h-bar) items-center gap-[9px] border-b border-line px-5 text-14 font-semibold tracking-[-.01em]">
        <BrandMark />
        Slipway
      </p>
      <div className="flex-1 bg-surface">{children}</div>
    </main>
  );
}
