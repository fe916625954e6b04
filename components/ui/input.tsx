/** Text inputs, native selects and text areas. `mono` for what one could paste; the error look follows aria-invalid. */
import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

/** Classes of the box around a control: the border keeps 3:1, the focus ring is drawn on the box. */
export function controlClass(mono = false): string {
  return clsx(
    'min-h-(--h-control) w-full min-w-0 rounded-2 border border-line-control bg-surface px-2 text-ink placeholder:text-ink-3',
    'aria-invalid:border-bad aria-invalid:shadow-[0_0_0_1px_var(--bad)] disabled:bg-sunken disabled:text-ink-3',
    '[&[readonly]]:bg-sunken max-md:text-[16px]',
    mono && 'mono',
  );
}

/** One line of text. `suffix` stands inside at the right (`auto`, a unit). */
export function Input({
  mono = false,
  suffix,
  className,
  ...rest
}: ComponentProps<'input'> & { mono?: boolean; suffix?: ReactNode }) {
  if (suffix === undefined) return <input className={clsx(controlClass(mono), className)} {...rest} />;
  return (
    <span className={clsx('relative flex', className)}>
      <input className={clsx(controlClass(mono), 'pr-12')} {...rest} />
      <span className="pointer-events-none absolute inset-y-0 right-2 flex items-center text-11 font-medium text-ink-3">
        {suffix}
      </span>
    </span>
  );
}

/** Several lines of text; it grows with its content where the browser can. */
export function Textarea({ mono = false, className, ...rest }: ComponentProps<'textarea'> & { mono?: boolean }) {
  return <textarea className={clsx(controlClass(mono), 'field-sizing-content min-h-16 py-1', className)} {...rest} />;
}

/** The browser's own select: keyboard, phone and screen reader come with it. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={clsx('relative flex min-w-0', className)}>
      <select className={clsx(controlClass(), 'appearance-none pr-7')} {...rest}>
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2 size-3 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}
