/**
 * What a reviewer reads first: title and body of the pull request, in GitHub's Markdown. Everything that a person typed is escaped, so that it
 * can neither format, nor embed HTML, nor call people.
 */
import { encodeChangeRecord } from './change-record';
import { escapeForGitHub, markdownCode, markdownLink } from './markdown-text';
import { formatPlace } from './patch';
import { checklist } from './pull-request/checklist';
import { allocations, checks, renderedManifests } from './pull-request/evidence';
import { count, folded, section, type PullRequestInput } from './pull-request/input';
import { followUps, howToTry, howToUndo } from './pull-request/instructions';
import type { Finding, Plan, PlanAction } from './types';

/** GitHub refuses bodies of more than 65,536 characters. */
const BODY_LIMIT = 60_000;

/** A part of the body; `short` says the same in less where the whole does not fit. */
interface Part {
  title?: string;
  full: string;
  short?: string;
}

/**
 * Title and body. The body says what and why, what was allocated, what is done of the runbook's checklist, what was checked, how to try, what is left to do
 * and how to undo it. What does not fit into GitHub's limit is shortened from the least needed on, and says so.
 */
export function describePullRequest(input: PullRequestInput): { title: string; body: string } {
  const { plan, resolved } = input;
  const ofChange = plan.findings.filter((finding) => !finding.old);
  const old = plan.findings.filter((finding) => finding.old);
  const parts: Part[] = [
    { full: introduction(input) },
    { title: 'Allocated', full: allocations(input) },
    ...(plan.action === 'add' ? [{ title: 'Checklist', full: checklist(input) }] : []),
    { title: 'Checks', full: checks(input.checks, true), short: checks(input.checks, false) },
    { title: 'Worth knowing', full: findings(ofChange, 15), short: findings(ofChange, 3) },
    { title: 'How to try it', full: howToTry(input) },
    {
      title: 'After the merge',
      full: foldedSteps(plan, followUps(plan)),
      short: foldedSteps(plan, firstLines(followUps(plan), 'the request lists all of them')),
    },
    {
      title: 'Files',
      full: foldedFiles(plan, files(plan)),
      short: foldedFiles(plan, firstLines(files(plan), 'see the tab Files changed')),
    },
    {
      title: 'What the cluster is given',
      full: renderedManifests(input),
      short: 'The rendered manifests are too long for this page: run the `helm template` commands above.',
    },
    { title: 'How to undo it', full: howToUndo(input) },
    { title: 'Noticed, not touched', full: findings(old, 15), short: findings(old, 3) },
  ];
  return { title: titles[plan.action](resolved.name), body: fit(parts, ending(input)) };
}

const titles: Record<PlanAction, (name: string) => string> = {
  add: (name) => `feat(${name}): add the shared service ${name}`,
  change: (name) => `feat(${name}): change the shared service ${name}`,
  remove: (name) => `chore(${name}): decommission the shared service ${name}`,
};

/** Which parts give way first, by title. */
const givingWay = [
  'What the cluster is given',
  'Noticed, not touched',
  'Worth knowing',
  'Checks',
  'Files',
  'After the merge',
];

function fit(parts: readonly Part[], end: string): string {
  const shortened = new Set<string>();
  const dropped = new Set<string>();
  const render = () =>
    `${[
      ...parts.map((part) => {
        if (part.title === undefined) return part.full;
        if (dropped.has(part.title)) return '';
        return section(part.title, shortened.has(part.title) ? (part.short ?? part.full) : part.full);
      }),
      ...(dropped.size > 0
        ? [`(Left out, since it did not fit: ${[...dropped].join(', ')}. The commits are complete.)`]
        : []),
      end,
    ]
      .filter((text) => text !== '')
      .join('\n\n')}\n`;
  // Whole parts, never a piece of one: a fence or a folded part that is cut open would swallow what follows.
  for (const give of [shortened, dropped])
    for (const title of givingWay) {
      if (render().length <= BODY_LIMIT) return render();
      give.add(title);
    }
  return render();
}

function introduction({ plan, resolved, links }: PullRequestInput): string {
  const name = resolved.displayName
    ? `${escapeForGitHub(resolved.displayName)} (\`${resolved.name}\`)`
    : `\`${resolved.name}\``;
  const verb = { add: 'Adds', change: 'Changes', remove: 'Takes away' }[plan.action];
  const refs = [
    links.request ? markdownLink('Request', links.request) : '',
    links.issue ? markdownLink('Tracker issue', links.issue) : '',
    links.runbook ? markdownLink('Runbook', links.runbook) : '',
  ].filter((link) => link !== '');
  return [
    `${verb} the shared service ${name}: ${escapeForGitHub(resolved.purpose)}`,
    '',
    `Owner \`${resolved.owner}\`${resolved.maintainers.length > 0 ? `, maintained by ${resolved.maintainers.map(escapeForGitHub).join(', ')}` : ''}. Category \`${resolved.category}\`, lifecycle ${resolved.lifecycle}.`,
    ...(refs.length > 0 ? ['', refs.join(' · ')] : []),
  ].join('\n');
}

function files(plan: Plan): string {
  const kind = (file: Plan['files'][number]) =>
    file.before === null ? ' (new)' : file.after === null ? ' (deleted)' : '';
  return plan.commits
    .flatMap((commit) => [
      `- ${escapeForGitHub(commit.subject)}`,
      ...commit.files.map((file) => `  - ${markdownCode(file.path)}${kind(file)}`),
    ])
    .join('\n');
}

const FEW_FILES = 12;

/** A chart alone has twenty files: many are closed, so that what is to be done stays in sight. */
function foldedFiles(plan: Plan, text: string): string {
  if (plan.files.length <= FEW_FILES) return text;
  return folded(`${count(plan.files.length, 'file')} in ${count(plan.commits.length, 'commit')}`, text);
}

const FEW_STEPS = 8;

/** Many steps are closed, so that what is to be reviewed stays in sight. */
function foldedSteps(plan: Plan, text: string): string {
  if (plan.followUps.length <= FEW_STEPS) return text;
  return folded(`${count(plan.followUps.length, 'step')}, in this order`, text);
}

const FEW_FINDINGS = 5;

function findings(all: readonly Finding[], shown: number): string {
  const more = all.length - shown;
  const text = [
    ...all
      .slice(0, shown)
      .map((finding) => `- ${markdownCode(formatPlace(finding))} ${escapeForGitHub(finding.message)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
  return all.length > FEW_FINDINGS ? folded(count(all.length, 'finding'), text) : text;
}

const FIRST_LINES = 60;

function firstLines(text: string, where: string): string {
  const lines = text.split('\n');
  if (lines.length <= FIRST_LINES) return text;
  return `${lines.slice(0, FIRST_LINES).join('\n')}\n\n… and ${count(lines.length - FIRST_LINES, 'more line')}: ${where}.`;
}

/** The digest, and in a comment that is not shown what `slipway verify` computes it from again. */
function ending({ plan, resolved, baseSha, before }: PullRequestInput): string {
  const record =
    baseSha === undefined
      ? undefined
      : encodeChangeRecord({ action: plan.action, baseSha, resolved, ...(before ? { before } : {}) });
  return [`Change set \`${plan.digest}\``, ...(record === undefined ? [] : [record])].join('\n\n');
}
