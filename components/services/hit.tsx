/** A text with what was looked for marked in it. */
import { highlight } from './catalog-view';

export function Hit({ text, words }: { text: string; words: readonly string[] }) {
  if (words.length === 0) return text;
  return highlight(text, words).map((piece, index) =>
    piece.hit ? (
      <mark key={index} className="rounded-1 bg-selection text-ink shadow-[0_0_0_1px_var(--selection)]">
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}
