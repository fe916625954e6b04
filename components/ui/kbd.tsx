/** A key, as it stands on the keyboard. */
import clsx from 'clsx';

export function Kbd({
  children,
  inverted = false,
  small = false,
}: {
  children: string;
  /** On a filled button. */
  inverted?: boolean;
  small?: boolean;
}) {
  return (
    <kbd
      className={clsx(
        'inline-grid place-items-center rounded-[3px] border px-1 text-[10.5px] leading-none font-medium',
        small ? 'h-4 min-w-4' : 'h-[18px] min-w-[18px]',
        inverted ? 'border-current/45' : 'border-line-strong bg-surface text-ink-3',
      )}
    >
      {children}
    </kbd>
  );
}
