'use client';
/** The checks of the review step: those of the preview at once, those by the real tools as soon as they are through. */
import { ChevronRight, FileText } from 'lucide-react';
import { CheckRow } from '@/components/ui/check-row';
import { Section } from '@/components/ui/section';
import type { Preview } from '@/lib/wizard/preview';
import type { ToolChecks } from './use-tool-checks';

type Checks = Preview['checks'];

/** All that are known: the tools' own beside the preview's. */
export function allChecks(checks: Checks, tools: ToolChecks | undefined): Checks {
  if (tools?.kind !== 'done') return checks;
  const known = new Set(checks.map((check) => check.id));
  return [...checks, ...tools.checks.filter((check) => !known.has(check.id))];
}

export function ReviewChecks({ checks, tools }: { checks: Checks; tools: ToolChecks | undefined }) {
  const all = allChecks(checks, tools);
  const count = (status: string) => all.filter((check) => check.status === status).length;
  const note = [
    `${count('pass')} pass`,
    count('fail') > 0 ? `${count('fail')} fail` : '',
    count('warn') > 0 ? `${count('warn')} to look at` : '',
    count('not-run') > 0 ? `${count('not-run')} not run` : '',
    tools?.kind === 'running' ? 'the tools’ still to come' : '',
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <Section title="Checks" note={note}>
      {all.map((check) => (
        <CheckRow
          key={check.id}
          status={check.status}
          name={check.name}
          summary={check.summary}
          detail={check.detail}
          time={duration(check.durationMs)}
          open={check.status === 'fail'}
        />
      ))}
      <p role="status" className="py-1.5 text-12 text-ink-3 empty:hidden">
        {tools?.kind === 'running' ? 'Docker Compose, Helm and shellcheck are looking at it.' : null}
        {tools?.kind === 'unavailable'
          ? 'Docker Compose, Helm and shellcheck could not be asked now. They are asked before the pull request opens.'
          : null}
      </p>
      {tools?.kind === 'done'
        ? tools.rendered.map(({ environment, text }) => (
            <details key={environment} className="group">
              <summary className="flex min-h-(--h-row) items-center gap-2.5 border-b border-line hover:bg-hover">
                <FileText aria-hidden="true" className="size-3.5 shrink-0 text-ink-3" />
                What {environment} is given
                <span className="ml-auto text-12 text-ink-3">{text.split('\n').length} lines of manifests</span>
                <ChevronRight aria-hidden="true" className="size-3 shrink-0 text-ink-3 group-open:rotate-90" />
              </summary>
              <pre
                tabIndex={0}
                className="mono my-2 max-h-96 overflow-auto rounded-3 border border-line bg-sunken px-3 py-2 leading-[19px] text-ink-2"
              >
                {text}
              </pre>
            </details>
          ))
        : null}
    </Section>
  );
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
