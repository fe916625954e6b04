'use client';
/** A menu behind a button: arrows move, letters jump, Escape gives focus back. */
import clsx from 'clsx';
import * as Radix from 'radix-ui/dropdown-menu';
import type { ReactElement, ReactNode } from 'react';

/** `trigger` is one button. Items are `MenuItem`, `MenuChoice` and `MenuLine`. */
export function Menu({
  trigger,
  children,
  align = 'end',
  defaultOpen = false,
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
  defaultOpen?: boolean;
}) {
  return (
    <Radix.Root defaultOpen={defaultOpen} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-52 rounded-3 bg-raised py-1.5 shadow-2"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const itemClass =
  'flex h-8 items-center gap-2 px-3 text-13 text-ink-2 outline-none select-none data-highlighted:bg-press data-highlighted:text-ink data-highlighted:shadow-[inset_2px_0_0_var(--accent)]';

/** Something to do, or with `asChild` a link. */
export function MenuItem({ className, ...rest }: Radix.DropdownMenuItemProps) {
  return <Radix.Item className={clsx(itemClass, 'cursor-pointer', className)} {...rest} />;
}

/** One of several, of which one is on. */
export function MenuChoice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
      <Radix.Label className="px-3 py-1 text-11 font-medium text-ink-3">{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={clsx(itemClass, 'cursor-pointer')}>
          {option.label}
          <Radix.ItemIndicator className="ml-auto text-12 text-ink-3">on</Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLine() {
  return <Radix.Separator className="my-1.5 border-t border-line" />;
}
