/**
 * What a reviewer reads first: title and body of the pull request, in GitHub's Markdown. Everything that a person typed is escaped, so that it
 * can neither format, nor embed HTML, nor call people.
 */
import { formatPortRange } from '@/lib/services/port-range';
import type { TimedCheckResult } from './checks/index';
import { escapeForGitHub, markdownBlock, markdownCode, markdownLink } from './markdown-text';
import { composeCommand, composeFileOf, startCommand, storedSecretName } from './operations';
import { formatPlace } from './patch';
import type { Profile } from './profile';
import type { CheckStatus, Plan, ResolvedManifest } from './types';

/** Where the request and what belongs to it can be found; absent where there is no such thing yet. */
export interface PullRequestLinks {
  request?: string;
  issue?: string;
  runbook?: string;
}

export interface PullRequestInput {
  plan: Plan;
  resolved: ResolvedManifest;
  profile: Profile;
  checks: readonly (Omit<TimedCheckResult, 'durationMs'> & { durationMs?: number })[];
  links: PullRequestLinks;
}

/** GitHub refuses bodies of more than 65,536 characters. */
const BODY_LIMIT = 60_000;
const DETAIL_LIMIT = 4_000;

/** Title and body. The body says what and why, what is done of the runbook's checklist, what was allocated and checked, how to try and how to undo it. */
export function describePullRequest(input: PullRequestInput): { title: string; body: string } {
  const { plan, resolved, links } = input;
  const sections = [
    introduction(resolved, links),
    section('Checklist', checklist(input).join('\n')),
    section('Allocated', allocations(input)),
    section('Files', plan.commits.map((commit) => commitLines(commit)).join('\n')),
    section('Checks', checkTable(input.checks)),
    section('How to try it', howToTry(input)),
    section('After the merge', followUps(plan)),
    section('How to undo it', howToUndo(input)),
    section('Noticed, not touched', findings(plan)),
    `Change set \`${plan.digest}\``,
  ].filter((text) => text !== '');
  let body = `${sections.join('\n\n')}\n`;
  if (body.length > BODY_LIMIT) {
    const end = `\n\n(Cut here: the rest did not fit. The commits are complete.)\n\nChange set \`${plan.digest}\`\n`;
    body = `${body.slice(0, body.lastIndexOf('\n', BODY_LIMIT - end.length))}${end}`;
  }
  return { title: `feat(${resolved.name}): add the shared service ${resolved.name}`, body };
}

function section(title: string, text: string): string {
  return text === '' ? '' : `## ${title}\n\n${text}`;
}

function introduction(resolved: ResolvedManifest, links: PullRequestLinks): string {
  const name = resolved.displayName
    ? `${escapeForGitHub(resolved.displayName)} (\`${resolved.name}\`)`
    : `\`${resolved.name}\``;
  const refs = [
    links.request ? markdownLink('Request', links.request) : '',
    links.issue ? markdownLink('Tracker issue', links.issue) : '',
    links.runbook ? markdownLink('Runbook', links.runbook) : '',
  ].filter((link) => link !== '');
  return [
    `Adds the shared service ${name}: ${escapeForGitHub(resolved.purpose)}`,
    '',
    `Owner \`${resolved.owner}\`${resolved.maintainers.length > 0 ? `, maintained by ${resolved.maintainers.map(escapeForGitHub).join(', ')}` : ''}. Category \`${resolved.category}\`, lifecycle ${resolved.lifecycle}.`,
    ...(refs.length > 0 ? ['', refs.join(' · ')] : []),
  ].join('\n');
}

/** Runbook-024's quick checklist: ticked is what the files of this pull request do, the rest is for the person who merges. */
function checklist({ plan, resolved, profile }: PullRequestInput): string[] {
  const changed = new Set(plan.files.map((file) => file.path));
  const inFolder = (folder: string | undefined) =>
    folder !== undefined && [...changed].some((path) => path.startsWith(`${folder.replace(/\/+$/, '')}/`));
  const composeFiles = [profile.compose?.root, ...Object.values(profile.compose?.stacks ?? {})];
  const item = (done: boolean, text: string) => `- [${done ? 'x' : ' '}] ${text}`;
  const items: string[] = [];
  if (profile.ports)
    items.push(item(changed.has(profile.ports.registry), `Added entry to ${markdownCode(profile.ports.registry)}.`));
  if (resolved.runtime.compose)
    items.push(
      item(
        composeFiles.some((path) => path !== undefined && changed.has(path)),
        'Compose service defined; named volumes updated.',
      ),
    );
  if (resolved.security.mtls) items.push(item(false, 'SPIFFE helper defined and registered with SPIRE.'));
  if (resolved.runtime.kubernetes)
    items.push(item(inFolder(profile.helm?.charts), 'Helm chart with values per environment added.'));
  if (resolved.routing)
    items.push(
      item(
        profile.traefik !== undefined && changed.has(profile.traefik.dynamic),
        'Traefik router and service blocks added.',
      ),
    );
  items.push(
    resolved.security.secrets.length === 0
      ? item(true, 'Secrets: none needed.')
      : item(
          profile.secrets?.localstackInit !== undefined && changed.has(profile.secrets.localstackInit),
          `Secrets created: ${resolved.security.secrets.map((secret) => markdownCode(storedSecretName(profile, secret.name))).join(', ')}.`,
        ),
    item(false, 'Service starts cleanly.'),
  );
  if (resolved.routing)
    items.push(item(false, `Endpoint reachable through Traefik: ${markdownCode(resolved.routing.host)}.`));
  items.push(item(inFolder(profile.runbooks?.folder), 'Documentation/runbooks updated.'));
  return items;
}

function allocations({ resolved, profile }: PullRequestInput): string {
  const rows = resolved.ports.map((port) =>
    row([
      markdownCode(port.name),
      port.external === 'none' ? 'not published' : formatPortRange(port.external),
      formatPortRange(port.internal),
      port.protocol,
      escapeForGitHub(port.why),
    ]),
  );
  const lines =
    rows.length > 0
      ? [
          row(['Port', 'On the host', 'In the container', 'Protocol', 'Why']),
          row(['---', '---', '---', '---', '---']),
          ...rows,
        ]
      : [];
  const more = [
    ...(resolved.routing
      ? [`- Host ${[resolved.routing.host, ...resolved.routing.aliases].map(markdownCode).join(', ')}`]
      : []),
    ...(resolved.routing || resolved.security.access !== 'forward-auth' ? [`- Access: ${accessText(resolved)}`] : []),
    ...(resolved.runbook && profile.runbooks ? [`- RUNBOOK-${String(resolved.runbook.number).padStart(3, '0')}`] : []),
    ...resolved.docs.dashboards.map((dashboard) => `- ${markdownLink(dashboard.title, dashboard.url)}`),
  ];
  return [...lines, ...(lines.length > 0 && more.length > 0 ? [''] : []), ...more].join('\n');
}

function accessText({ security }: ResolvedManifest): string {
  if (security.access === 'forward-auth') return 'behind the platform’s forward authentication';
  if (security.access === 'own-oauth') return 'the service signs people in itself';
  return `public, because: ${escapeForGitHub(security.publicReason ?? '')}`;
}

function commitLines(commit: Plan['commits'][number]): string {
  return [
    `- ${escapeForGitHub(commit.subject)}`,
    ...commit.files.map((file) => `  - ${markdownCode(file.path)}${file.before === null ? ' (new)' : ''}`),
  ].join('\n');
}

const STATUS: Record<CheckStatus, string> = {
  pass: '✅ pass',
  fail: '❌ fail',
  warn: '⚠️ warning',
  'not-run': '➖ not run',
};

function checkTable(results: PullRequestInput['checks']): string {
  if (results.length === 0) return '';
  const table = [
    row(['Check', 'Result', 'What was compared']),
    row(['---', '---', '---']),
    ...results.map((check) => row([escapeForGitHub(check.name), STATUS[check.status], escapeForGitHub(check.summary)])),
  ];
  const folded = results
    .filter((check) => check.status !== 'pass' && check.detail !== '')
    .map(
      (check) =>
        `<details><summary>${escapeForGitHub(check.name)}</summary>\n\n${markdownBlock(cut(check.detail, DETAIL_LIMIT))}\n\n</details>`,
    );
  return [table.join('\n'), ...folded].join('\n\n');
}

function howToTry({ resolved, profile }: PullRequestInput): string {
  const commands: string[] = [];
  const stack = composeFileOf(resolved, profile);
  if (stack && profile.compose)
    commands.push(
      startCommand(resolved, profile.compose.startCommand, stack),
      `${composeCommand(profile.compose.startCommand, stack)} logs -f ${resolved.name}`,
    );
  if (resolved.routing)
    commands.push(`curl -sk https://${resolved.routing.host}${resolved.runtime.healthCheck?.path ?? '/'}`);
  if (resolved.runtime.kubernetes && profile.helm) {
    const chart = `${profile.helm.charts.replace(/\/+$/, '')}/${resolved.name}`;
    for (const environment of resolved.runtime.kubernetes.environments)
      commands.push(`helm template ${resolved.name} ${chart} -f ${chart}/values-${environment}.yaml`);
  }
  return commands.length === 0 ? '' : markdownBlock(commands.join('\n'), 'sh');
}

function howToUndo({ resolved, profile, plan }: PullRequestInput): string {
  const stack = composeFileOf(resolved, profile);
  const stop =
    stack && profile.compose
      ? `\n\n${markdownBlock(`${composeCommand(profile.compose.startCommand, stack)} rm --stop --force ${resolved.name}`, 'sh')}`
      : '';
  const files = plan.files.length === 1 ? '1 file' : `${plan.files.length} files`;
  return `Revert this pull request: only lines were added, in ${files}, and reverting gives every byte back. Slipway goes on keeping the ports and the name for this service.${stop}`;
}

function followUps(plan: Plan): string {
  return plan.followUps
    .map((step) => {
      const text = `- [ ] ${escapeForGitHub(step.title)}${step.detail ? `: ${escapeForGitHub(step.detail)}` : ''}`;
      return step.command ? `${text}\n\n${indent(markdownBlock(step.command, 'sh'))}` : text;
    })
    .join('\n');
}

const FINDINGS_SHOWN = 15;

function findings(plan: Plan): string {
  const shown = plan.findings.slice(0, FINDINGS_SHOWN);
  const more = plan.findings.length - shown.length;
  return [
    ...shown.map((finding) => `- ${markdownCode(formatPlace(finding))} ${escapeForGitHub(finding.message)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}\n… (${text.length - limit} characters more)`;
}
