/** Which binding a key press means. Pure; hotkeys.tsx listens and keeps what was pressed before. */

export interface HotkeyPress {
  key: string;
  /** Ctrl or Cmd. */
  mod: boolean;
  alt: boolean;
  /** Focus is where letters are typed. */
  typing: boolean;
}

/**
 * @param keys `j`, `?`, `mod+k`, or a sequence such as `g c`.
 * @param singles whether keys without Ctrl or Cmd count at all (WCAG 2.1.4: they can be turned off).
 * @returns `run` when the binding is complete, `wait` when the press begins a sequence, `no` otherwise.
 */
export function matchHotkey(
  keys: string,
  press: HotkeyPress,
  before: string | undefined,
  singles: boolean,
): 'run' | 'wait' | 'no' {
  if (press.alt) return 'no';
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (keys.startsWith('mod+')) return press.mod && key === keys.slice(4) ? 'run' : 'no';
  if (press.mod || press.typing || !singles) return 'no';
  const [first, second] = keys.split(' ');
  if (second === undefined) return key === first && before === undefined ? 'run' : 'no';
  if (before === first && key === second) return 'run';
  return before === undefined && key === first ? 'wait' : 'no';
}

/** `g c` as people read it: [`G`, `C`]; `mod+k` is [`Ctrl`, `K`]. */
export function hotkeyCaps(keys: string): string[] {
  const names: Record<string, string> = { mod: 'Ctrl', Enter: '↵', Escape: 'Esc', Backspace: '⌫' };
  return keys.split(/[ +]/).map((key) => names[key] ?? key.toUpperCase());
}
