/** Light, dark or as the system has it. Kept in a cookie, so that the first byte already has the right colours and nothing flashes. */

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = 'slipway-theme';

/** @returns the theme that a cookie's value names; `system` for everything else. */
export function readTheme(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? 'system';
}

/** The one after it, round and round. */
export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
}
