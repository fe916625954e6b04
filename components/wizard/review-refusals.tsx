/** Files that cannot be edited without rewriting what is there, with what is to stand in them. */
import { Note } from '@/components/ui/note';
import { Section } from '@/components/ui/section';
import type { Refusal } from '@/lib/generator/types';

export function Refusals({ refusals }: { refusals: readonly Refusal[] }) {
  if (refusals.length === 0) return null;
  return (
    <Section title="To be done by hand first" note="these files cannot be edited without rewriting what is there">
      {refusals.map((refusal) => (
        <Note key={`${refusal.path}${refusal.reason}`} tone="warn">
          <p>
            <span className="mono">
              {refusal.path}
              {refusal.line === undefined ? '' : `:${refusal.line}`}
            </span>{' '}
            {refusal.reason}
          </p>
          {refusal.paste ? (
            <>
              <p className="mt-1 text-12">Under {refusal.paste.under}:</p>
              <pre tabIndex={0} className="mono overflow-auto">
                {refusal.paste.text}
              </pre>
            </>
          ) : null}
        </Note>
      ))}
    </Section>
  );
}
