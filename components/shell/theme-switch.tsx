'use client';
/** Switches between system, light and dark: sets the attribute that the tokens follow, and the cookie for the next page. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { buttonClass } from '@/components/ui/button';
import { nextTheme, themeCookie, type Theme } from './theme';

const icons = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeSwitch({ initial, withLabel = false }: { initial: Theme; withLabel?: boolean }) {
  const [theme, setTheme] = useState(initial);
  const Icon = icons[theme];

  function change() {
    const next = nextTheme(theme);
    const root = document.documentElement;
    if (next === 'system') root.removeAttribute('data-theme');
    else root.dataset.theme = next;
    document.cookie = `${themeCookie}=${next}; path=/; max-age=31536000; samesite=lax`;
    setTheme(next);
  }

  return (
    <button
      type="button"
      onClick={change}
      aria-label={`Theme: ${theme}. Change to ${nextTheme(theme)}`}
      title={`Theme: ${theme}`}
      className={
        withLabel
          ? 'flex h-9 w-full items-center gap-2 px-4 text-ink-2 hover:bg-press'
          : buttonClass({ variant: 'ghost', icon: true })
      }
    >
      <Icon aria-hidden="true" className="size-[15px] text-ink-3" />
      {withLabel ? `Theme: ${theme}` : null}
    </button>
  );
}
