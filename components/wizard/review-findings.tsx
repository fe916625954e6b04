/** What reviewers will read beside the files: the first few in sight, the rest behind a line. */
import { ChevronRight } from 'lucide-react';
import { Section } from '@/components/ui/section';
import type { Preview } from '@/lib/wizard/preview';

type Finding = Preview['findings'][number];

export function Findings({
  title,
  note,
  findings,
  shown,
}: {
  title: string;
  note: string;
  findings: readonly Finding[];
  /** How many stand open. */
  shown: number;
}) {
  if (findings.length === 0) return null;
  const more = findings.slice(shown);
  return (
    <Section title={title} note={note}>
      <FindingRows findings={findings.slice(0, shown)} />
      {more.length > 0 ? (
        <details className="group">
          <summary className="flex min-h-(--h-row) items-center gap-2 border-b border-line text-ink-2 hover:bg-hover">
            <ChevronRight aria-hidden="true" className="size-3 shrink-0 text-ink-3 group-open:rotate-90" />
            {shown > 0 ? `${more.length} more` : `${more.length} in the files that this change edits`}
          </summary>
          <FindingRows findings={more} />
        </details>
      ) : null}
    </Section>
  );
}

function FindingRows({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul className="text-12 leading-[18px] text-ink-2">
      {findings.map((finding) => (
        <li key={`${finding.path}${finding.line}${finding.message}`} className="border-b border-line py-1.5">
          <span className="mono wrap-anywhere text-ink-3">
            {finding.path}
            {finding.line === undefined ? '' : `:${finding.line}`}
          </span>{' '}
          {finding.message}
        </li>
      ))}
    </ul>
  );
}
