/** The timeline of a request: each step with its time, its link, its error and a retry. */
import {
  Anchor,
  Ban,
  Check,
  CircleDashed,
  Eye,
  GitBranch,
  GitBranchMinus,
  GitCommitHorizontal,
  GitMerge,
  GitPullRequest,
  Hourglass,
  ListChecks,
  ListTodo,
  LoaderCircle,
  MessageSquare,
  RotateCcw,
  TriangleAlert,
  UserPlus,
  X,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { CommitView, RequestDetails, StepView } from '@/lib/requests/views';
import { Note } from '@/components/ui/note';
import { RelativeTime } from '@/components/ui/relative-time';
import { duration, exactTime } from '@/components/ui/time';
import { Timeline, TimelineItem } from '@/components/ui/timeline';
import { offsetFrom, timelineNodes, type TimelineNode } from './timeline-model';

const icons: Record<string, LucideIcon> = {
  reserved: Check,
  commits: GitCommitHorizontal,
  commit: GitCommitHorizontal,
  refresh: GitBranch,
  'take-over': GitBranch,
  'pull-request': GitPullRequest,
  tracker: ListTodo,
  review: Eye,
  'review-request': UserPlus,
  comment: MessageSquare,
  merged: GitMerge,
  live: Anchor,
  failed: TriangleAlert,
  owed: TriangleAlert,
  conflict: TriangleAlert,
  retry: RotateCcw,
  reopened: RotateCcw,
  cancel: Ban,
  closed: X,
  released: X,
  'github-checks': ListChecks,
  'branch-gone': GitBranchMinus,
  limit: Hourglass,
  waiting: CircleDashed,
  working: LoaderCircle,
};

function When({ node, first }: { node: TimelineNode; first: string | undefined }) {
  if (node.at === undefined) return null;
  if (node.state === 'now') {
    return (
      <>
        <RelativeTime at={node.at} form="age" /> so far
      </>
    );
  }
  const offset = offsetFrom(first, node.at);
  return offset === undefined ? (
    <RelativeTime at={node.at} />
  ) : (
    <time dateTime={node.at} title={exactTime(Date.parse(node.at))}>
      + {duration(offset)}
    </time>
  );
}

function Commits({ commits, commitUrl }: { commits: readonly CommitView[]; commitUrl: (sha: string) => string }) {
  return (
    <ul className="mt-1 rounded-3 border border-line px-2.5">
      {commits.map((commit) => (
        <li key={commit.key} className="flex h-7 items-center gap-2.5 border-b border-line last:border-0">
          {commit.sha ? (
            <a
              className="mono w-[58px] text-ink-3 hover:underline"
              href={commitUrl(commit.sha)}
              target="_blank"
              rel="noreferrer"
            >
              {commit.sha.slice(0, 7)}
            </a>
          ) : null}
          <span className="min-w-0 flex-1 truncate" title={commit.subject}>
            {commit.subject}
          </span>
          <span className="text-12 text-ink-3 max-md:hidden">
            {commit.files.length} {commit.files.length === 1 ? 'file' : 'files'}
          </span>
          <span className="mono min-w-11 text-right text-add-ink">
            {commit.added > 0 || commit.removed === 0 ? `+${commit.added}` : null}
            {commit.removed > 0 ? <span className="text-ink-3"> −{commit.removed}</span> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Trouble({
  step,
  failed,
  held,
  reference,
  action,
}: {
  step: StepView | undefined;
  failed: boolean;
  /** Ports are held for it, with a lease: a removal takes none. */
  held: boolean;
  reference: string | undefined;
  action: ReactNode;
}) {
  const tries = step && step.attempts > 0 ? `Try ${step.attempts} of ${step.maxAttempts}.` : '';
  return (
    <Note tone={failed ? 'bad' : 'warn'} action={action}>
      {tries}{' '}
      {step?.nextAttemptAt ? (
        <>
          Next <RelativeTime at={step.nextAttemptAt} form="due" />.
        </>
      ) : (
        'It waits for somebody to try it again.'
      )}
      {failed && held ? ' The ports stay held until then, or until their lease ends.' : ''}
      {step?.status === 'owed' ? ' The pull request does not wait for this.' : ''}
      {reference ? (
        <p className="text-12 text-ink-3">
          Reference <span className="mono">{reference}</span>
        </p>
      ) : null}
    </Note>
  );
}

export function RequestTimeline({
  request,
  commitUrl,
  retry,
}: {
  request: RequestDetails;
  commitUrl: (sha: string) => string;
  /** A button; absent where this person may not retry. */
  retry: ReactNode;
}) {
  const nodes = timelineNodes(request);
  const first = request.timeline[0]?.at;
  // One button is enough: it retries everything that failed or is owed.
  const retryAt = nodes.find((node) => node.state === 'owed' || node.key === 'now')?.key;
  return (
    <Timeline label="What happened to this request">
      {nodes.map((node) => {
        const Icon = icons[node.kind] ?? Check;
        const troubled = node.state === 'owed' || (node.state === 'failed' && node.key === 'now');
        const remark = node.kind === 'comment' || (node.kind === 'review' && node.state === 'done');
        const opens = node.link && !(remark && node.detail);
        // Said once: most titles name who did it.
        const actor = troubled || (node.actor && node.title.includes(node.actor)) ? undefined : node.actor;
        const took = node.durationMs === undefined ? undefined : `Took ${duration(node.durationMs)}.`;
        return (
          <TimelineItem
            key={node.key}
            state={node.state}
            icon={<Icon className="size-3" strokeWidth={2.2} />}
            title={
              opens ? (
                <a className="link" href={node.link} target="_blank" rel="noreferrer">
                  {node.title}
                </a>
              ) : (
                node.title
              )
            }
            when={<When node={node} first={first} />}
          >
            {remark && node.detail ? (
              <Note
                action={
                  node.link ? (
                    <a className="link text-12" href={node.link} target="_blank" rel="noreferrer">
                      Reply on GitHub
                    </a>
                  ) : undefined
                }
              >
                <p className="whitespace-pre-line">{node.detail}</p>
              </Note>
            ) : node.detail || actor || took ? (
              <p className="wrap-anywhere whitespace-pre-line">
                {actor ? <span className="text-ink-3">{actor}. </span> : null}
                {node.detail}
                {took ? <span className="text-ink-3"> {took}</span> : null}
              </p>
            ) : null}
            {node.kind === 'commits' ? <Commits commits={request.commits} commitUrl={commitUrl} /> : null}
            {troubled ? (
              <Trouble
                step={node.step}
                failed={node.state === 'failed'}
                held={request.allocations.heldUntil !== undefined}
                reference={node.reference}
                action={node.key === retryAt ? retry : null}
              />
            ) : null}
          </TimelineItem>
        );
      })}
    </Timeline>
  );
}
