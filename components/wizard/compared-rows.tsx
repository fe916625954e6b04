'use client';
/** What was compared while somebody typed, with figures and as of when. */
import { Ban, Check } from 'lucide-react';
import { Section } from '@/components/ui/section';
import { useWizard } from './wizard-context';

export function ComparedRows() {
  const { preview } = useWizard();
  if (!preview) return null;
  return (
    <Section title="Checked as you typed" note={`${Math.round(preview.tookMs)} ms`}>
      <ul>
        {preview.compared.map(({ what, found, status, source }) => (
          <li
            key={what}
            className="grid min-h-[27px] grid-cols-[16px_150px_minmax(0,1fr)_auto] items-center gap-2 border-b border-line text-ink-2 last:border-0 max-md:grid-cols-[16px_130px_minmax(0,1fr)]"
          >
            {status === 'ok' ? (
              <Check aria-label="Fine" className="size-3 text-ok-ink" strokeWidth={2.2} />
            ) : (
              <Ban aria-label="Taken" className="size-3 text-bad-ink" strokeWidth={2.2} />
            )}
            <span>{what}</span>
            <span className={status === 'ok' ? 'min-w-0 truncate' : 'min-w-0 truncate text-bad-ink'} title={found}>
              {found}
            </span>
            <span className="mono text-ink-3 max-md:hidden">{source}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
