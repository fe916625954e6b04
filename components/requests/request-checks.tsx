/** What was checked before the pull request was opened; each row opens to its output. */
import type { CheckView } from '@/lib/requests/views';
import { CheckRow } from '@/components/ui/check-row';
import { Section } from '@/components/ui/section';
import { duration } from '@/components/ui/time';
import { ExpandChecks } from './expand-checks';

/** `9 pass, 1 finding that does not block`. */
export function checkSummary(checks: readonly Pick<CheckView, 'status'>[]): string {
  const count = (status: CheckView['status']) => checks.filter((check) => check.status === status).length;
  const [pass, fail, warn, notRun] = [count('pass'), count('fail'), count('warn'), count('not-run')];
  return [
    `${pass} pass`,
    fail > 0 ? `${fail} fail` : '',
    warn > 0 ? `${warn} ${warn === 1 ? 'finding that does' : 'findings that do'} not block` : '',
    notRun > 0 ? `${notRun} not run` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

export function RequestChecks({ checks }: { checks: readonly CheckView[] }) {
  return (
    <Section
      id="checks"
      title="Checks"
      note={checkSummary(checks)}
      more={checks.some(({ detail }) => detail !== '') ? <ExpandChecks /> : undefined}
    >
      {checks.length === 0 ? <p className="py-2 text-ink-3">None was run for this request.</p> : null}
      {checks.map((check) => (
        <CheckRow
          key={check.id}
          status={check.status}
          name={check.name}
          summary={check.summary}
          detail={check.detail}
          open={check.status === 'fail'}
          {...(check.durationMs === undefined ? {} : { time: duration(check.durationMs) })}
        />
      ))}
    </Section>
  );
}
