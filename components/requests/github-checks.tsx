/** What other programs (Actions, Apps) say on GitHub of the branch's head. */
import { ArrowUpRight, Ban, Check, LoaderCircle } from 'lucide-react';
import type { RequestDetails } from '@/lib/requests/views';
import { Section } from '@/components/ui/section';

const looks = {
  pass: { Icon: Check, ink: 'text-ok-ink', said: 'Passes' },
  fail: { Icon: Ban, ink: 'text-bad-ink', said: 'Fails' },
  pending: { Icon: LoaderCircle, ink: 'text-ink-3', said: 'Still running' },
} as const;

export function GitHubChecks({ checks }: { checks: RequestDetails['githubChecks'] }) {
  if (checks.length === 0) return null;
  const count = (state: keyof typeof looks) => checks.filter((check) => check.state === state).length;
  const figures = [
    [count('pass'), 'pass'],
    [count('fail'), 'fail'],
    [count('pending'), 'running'],
  ] as const;
  return (
    <Section
      id="github-checks"
      title="Checks on GitHub"
      note={figures
        .filter(([figure]) => figure > 0)
        .map(([figure, word]) => `${figure} ${word}`)
        .join(', ')}
    >
      <ul>
        {checks.map(({ name, state, url }) => {
          const { Icon, ink, said } = looks[state];
          return (
            <li key={name} className="flex min-h-(--h-row) items-center gap-2.5 border-b border-line">
              <Icon aria-hidden="true" strokeWidth={2.2} className={`size-3.5 shrink-0 ${ink}`} />
              <span className="sr-only">{said}:</span>
              {url === undefined ? (
                <span className="min-w-0 truncate">{name}</span>
              ) : (
                <a href={url} target="_blank" rel="noreferrer" className="link flex min-w-0 items-center gap-1">
                  <span className="truncate">{name}</span>
                  <ArrowUpRight aria-hidden="true" className="size-3 shrink-0 text-ink-3" />
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
