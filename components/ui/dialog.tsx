'use client';
/** A question that has to be answered before anything else. Focus stays inside and goes back where it came from; Escape closes it. */
import * as Radix from 'radix-ui/dialog';
import { useRef, type ReactNode } from 'react';

/** Classes of the sheet, shared with the palette. */
export const overlayClass = 'fixed inset-0 z-50 bg-(--shade)';

/**
 * `title` is always said; `description` is what will happen. `footer` holds the buttons, the safe one first.
 * Controlled: the parent keeps `open`.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  footer?: ReactNode;
  children?: ReactNode;
}) {
  // Without a trigger of Radix's own, where the focus came from has to be remembered here.
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          className="fixed top-[12vh] left-1/2 z-50 max-h-[76vh] w-[min(520px,calc(100vw-32px))] -translate-x-1/2 overflow-y-auto rounded-4 bg-raised p-5 shadow-3"
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <Radix.Title className="text-15 font-semibold">{title}</Radix.Title>
          {description ? (
            <Radix.Description asChild>
              <div className="mt-1 text-ink-2">{description}</div>
            </Radix.Description>
          ) : null}
          {children}
          {footer ? <div className="mt-5 flex flex-wrap justify-end gap-2">{footer}</div> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
