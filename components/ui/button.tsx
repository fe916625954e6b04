/** Buttons and links that look like buttons. One `primary` at most on a page: it is what the page is for. */
import clsx from 'clsx';
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { Kbd } from './kbd';

export interface ButtonLook {
  variant?: 'default' | 'primary' | 'ghost' | 'danger';
  size?: 'md' | 'sm';
  /** Square, for an icon alone; give an aria-label. */
  icon?: boolean;
}

/** Classes of a button, for elements that are not `Button` or `ButtonLink` (a trigger, a label). */
export function buttonClass({ variant = 'default', size = 'md', icon = false }: ButtonLook = {}): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center gap-[7px] rounded-2 border font-medium whitespace-nowrap select-none',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    size === 'md' ? 'h-(--h-control) text-13' : 'h-6 text-12',
    icon ? (size === 'md' ? 'w-(--h-control)' : 'w-6') : size === 'md' ? 'px-[11px]' : 'px-2',
    {
      default: 'border-line-strong bg-surface text-ink hover:border-line-control hover:bg-hover',
      danger: 'border-line-strong bg-surface text-bad-ink hover:border-line-control hover:bg-hover',
      ghost: 'border-transparent text-ink-2 hover:bg-press hover:text-ink',
      primary:
        'border-accent-fill bg-accent-fill text-on-accent hover:border-accent-fill-hover hover:bg-accent-fill-hover',
    }[variant],
  );
}

type Extras = ButtonLook & {
  /** The key that does the same, shown behind the label (`C`, `Ctrl ↵`). */
  shortcut?: string;
  children?: ReactNode;
};

function Shortcut({ keys, variant }: { keys: string | undefined; variant: ButtonLook['variant'] }) {
  if (!keys) return null;
  return (
    <span className="hidden gap-1 md:inline-flex" aria-hidden="true">
      {keys.split(' ').map((key) => (
        <Kbd key={key} inverted={variant === 'primary'}>
          {key}
        </Kbd>
      ))}
    </span>
  );
}

/** A button; `type="button"` unless told otherwise. */
export function Button({
  variant,
  size,
  icon,
  shortcut,
  className,
  children,
  type = 'button',
  ...rest
}: Extras & ComponentProps<'button'>) {
  return (
    <button type={type} className={clsx(buttonClass({ variant, size, icon }), className)} {...rest}>
      {children}
      <Shortcut keys={shortcut} variant={variant} />
    </button>
  );
}

/** A link with a button's look. Links that leave the portal open in a new tab when `external`. */
export function ButtonLink({
  variant,
  size,
  icon,
  shortcut,
  className,
  children,
  external = false,
  ...rest
}: Extras & { external?: boolean } & ComponentProps<typeof Link>) {
  return (
    <Link
      className={clsx(buttonClass({ variant, size, icon }), className)}
      {...(external ? { target: '_blank', rel: 'noreferrer', prefetch: false } : {})}
      {...rest}
    >
      {children}
      <Shortcut keys={shortcut} variant={variant} />
    </Link>
  );
}
