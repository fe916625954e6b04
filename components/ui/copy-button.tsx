'use client';
/** Copies one identifier. Says that it did, to eyes and to screen readers; no toast. */
import clsx from 'clsx';
import { Check, Copy, X } from 'lucide-react';
import { useEffect, useState } from 'react';

export function CopyButton({
  value,
  label,
  className,
  children,
}: {
  /** The text, or what gives it at the moment of copying. */
  value: string | (() => string);
  /** What is copied: `Copy host`. */
  label: string;
  className?: string;
  /** Shown beside the icon; the icon alone where absent. */
  children?: string;
}) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();

  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof value === 'function' ? value() : value);
      setOutcome('copied');
    } catch {
      // No permission, or the page is not served over https: the text stays selectable.
      setOutcome('refused');
    }
  }

  const Icon = outcome === 'copied' ? Check : outcome === 'refused' ? X : Copy;
  return (
    <button
      type="button"
      aria-label={children ? undefined : label}
      title={label}
      onClick={() => void copy()}
      className={clsx(
        'inline-flex min-h-6 min-w-6 shrink-0 items-center justify-center gap-1.5 rounded-[3px] text-ink-3 hover:bg-press hover:text-ink',
        children && 'px-2 text-12 font-medium',
        className,
      )}
    >
      <Icon aria-hidden="true" className="size-[13px]" />
      {children}
      <span role="status" className="sr-only">
        {outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Could not copy. Select the text instead.' : ''}
      </span>
    </button>
  );
}
