/** A text as a part of a regular expression that stands for itself: names and paths may have `.`, `+` or `(` in them. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
